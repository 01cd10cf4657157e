import type { ArtifactManifest, MemoryShape } from '../contract/artifact.ts';
import { WASM_PAGE_BYTES, WASM32_MAX_PAGES } from '../contract/limits.ts';
import { createRestorer, parseGlobals, type Restorer, type SharedImage } from '../snapshot/index.ts';

/** An artifact as posted to a thread: compiled once per process, its image shared. */
export interface PreparedArtifact {
  readonly manifest: ArtifactManifest;
  readonly module: WebAssembly.Module;
  readonly image: SharedImage | undefined;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** The same, with what one thread needs to restore it. */
export interface ThreadArtifact extends PreparedArtifact {
  /** One for each memory. */
  readonly restorers: readonly Restorer[] | undefined;
  readonly globals: readonly (number | bigint)[];
}

export function toThreadArtifact(prepared: PreparedArtifact): ThreadArtifact {
  const { manifest, image } = prepared;
  return {
    ...prepared,
    restorers: image?.memories.map(createRestorer),
    globals: image ? parseGlobals(manifest.globals, image.globals) : [],
  };
}

/** Pages that a memory may have: the function's MemorySize, what the module declares, what wasm32 can address. */
export function maximumPages({ maxPages }: MemoryShape, memoryMb: number): number {
  return Math.min(maxPages, (memoryMb * 1024 * 1024) / WASM_PAGE_BYTES, WASM32_MAX_PAGES);
}
