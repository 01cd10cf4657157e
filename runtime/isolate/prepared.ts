import type { ArtifactManifest, MemoryShape } from '../contract/artifact.ts';
import { MIB, WASM_PAGE_BYTES } from '../contract/limits.ts';
import { createRestorer } from '../snapshot/create-restorer.ts';
import { parseGlobals } from '../snapshot/globals.ts';
import type { Restorer, SharedImage } from '../snapshot/index.ts';

/** An artifact as posted to a thread: compiled once per process, its image shared. */
export interface PreparedArtifact {
  readonly manifest: ArtifactManifest;
  readonly module: WebAssembly.Module;
  readonly image: SharedImage | undefined;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly layers: ReadonlyMap<string, Uint8Array>;
}

/** The same, with what one thread needs to restore it. */
export interface ThreadArtifact extends PreparedArtifact {
  /** One for each memory. */
  readonly restorers: readonly Restorer[] | undefined;
  readonly globals: readonly (number | bigint)[];
  /** The image holds what was made of random numbers. */
  readonly repeatsRandom: boolean;
  /** As large as the files, and never touched: the engine counts no shared memory, and would collect it much too late. */
  readonly ballast: ArrayBuffer;
}

export function toThreadArtifact(prepared: PreparedArtifact): ThreadArtifact {
  const { manifest, image, files, layers } = prepared;
  let bytes = 0;
  for (const file of [...files.values(), ...layers.values()]) bytes += file.byteLength;
  return {
    ...prepared,
    restorers: image?.memories.map(createRestorer),
    repeatsRandom: image?.draws.some(({ what }) => what === 'random') ?? false,
    globals: image ? parseGlobals(manifest.globals, image.globals) : [],
    ballast: new ArrayBuffer(bytes),
  };
}

/** Pages that all memories of a function may have together. */
export function pageLimit(memoryMb: number): number {
  return (memoryMb * MIB) / WASM_PAGE_BYTES;
}

/** Pages that a memory may have: what the module declares and the function's MemorySize allow. */
export function maximumPages({ maxPages }: MemoryShape, memoryMb: number): number {
  return Math.min(maxPages, pageLimit(memoryMb));
}

/** A new memory with the addresses that the module gave it; sizes in pages. */
export function createMemory({ wide }: MemoryShape, initial: number, maximum: number): WebAssembly.Memory {
  if (!wide) return new WebAssembly.Memory({ initial, maximum });
  const descriptor = { address: 'i64', initial: BigInt(initial), maximum: BigInt(maximum) };
  return new WebAssembly.Memory(descriptor as unknown as WebAssembly.MemoryDescriptor);
}
