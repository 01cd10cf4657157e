import type { ArtifactManifest } from '../contract/artifact.ts';
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

/** Pages that the guest's memory may have: the function's MemorySize, what the module declares, what wasm32 can address. */
export function maximumPages(manifest: ArtifactManifest, memoryMb: number): number {
  const declared = manifest.memories[0]?.maxPages ?? WASM32_MAX_PAGES;
  return Math.min(declared, (memoryMb * 1024 * 1024) / WASM_PAGE_BYTES, WASM32_MAX_PAGES);
}
