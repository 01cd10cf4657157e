import type { ArtifactManifest, MemoryShape } from '../contract/artifact.ts';
import { WASM_PAGE_BYTES, WASM32_MAX_PAGES } from '../contract/limits.ts';
import { createRestorer, type Restorer, type SharedImage } from '../snapshot/index.ts';

/** An artifact as posted to a thread: compiled once per process, its image shared. */
export interface PreparedArtifact {
  readonly manifest: ArtifactManifest;
  readonly module: WebAssembly.Module;
  readonly image: SharedImage | undefined;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** The same, with what one thread needs to restore it. */
export interface ThreadArtifact extends PreparedArtifact {
  readonly restorer: Restorer | undefined;
}

export function toThreadArtifact(prepared: PreparedArtifact): ThreadArtifact {
  return { ...prepared, restorer: prepared.image && createRestorer(prepared.image) };
}

/** Pages that the guest's first memory may have, none when it has no memory. */
export function maximumPages({ memories: [first] }: ArtifactManifest, memoryMb: number): number {
  return first ? maximumPagesOf(first, memoryMb) : 0;
}

/** Memories beside the first, as the guest finds them when it starts; no image covers these. */
export function createFurtherMemories(manifest: ArtifactManifest, memoryMb: number): WebAssembly.Memory[] {
  return manifest.memories
    .slice(1)
    .map((shape) => new WebAssembly.Memory({ initial: shape.minPages, maximum: maximumPagesOf(shape, memoryMb) }));
}

/** The function's MemorySize, what the module declares, what wasm32 can address. */
function maximumPagesOf({ maxPages }: MemoryShape, memoryMb: number): number {
  return Math.min(maxPages, (memoryMb * 1024 * 1024) / WASM_PAGE_BYTES, WASM32_MAX_PAGES);
}
