/** A package's files by path, relative and with forward slashes. */
export type PackageFiles = ReadonlyMap<string, Uint8Array>;

/** `shared` with threads, which else are posted copies. */
export type Sharing = 'own' | 'shared';

/**
 * What the engine is told of shared memory. It counts none of it, and would collect what nobody holds any more much too
 * late; memory of the same size that is never touched takes nothing of the machine, and is counted.
 */
const ballast = new WeakMap<PackageFiles, ArrayBuffer>();

/** Places for files of these sizes, in one piece of memory. */
export function layOut(
  sizes: readonly (readonly [path: string, bytes: number])[],
  sharing: Sharing = 'own',
): Map<string, Uint8Array> {
  const bytes = sizes.reduce((sum, [, size]) => sum + size, 0);
  const counted = new ArrayBuffer(bytes);
  const whole = sharing === 'own' ? counted : new SharedArrayBuffer(bytes);
  let at = 0;
  const places = new Map<string, Uint8Array>();
  for (const [path, size] of sizes) {
    places.set(path, new Uint8Array(whole, at, size));
    at += size;
  }
  if (sharing === 'shared') ballast.set(places, counted);
  return places;
}

export function bytesOf(files: PackageFiles): number {
  let bytes = 0;
  for (const file of files.values()) bytes += file.byteLength;
  return bytes;
}

const parts = new WeakMap<PackageFiles, readonly PackageFiles[]>();

/** Packages laid over each other: a later one's files hide an earlier one's. Keeps them for as long as it is held itself. */
export function overlay(layers: readonly PackageFiles[]): PackageFiles {
  const [only] = layers;
  if (only !== undefined && layers.length === 1) return only;
  const files = new Map<string, Uint8Array>();
  for (const layer of layers.toReversed()) {
    for (const [path, bytes] of layer) if (!files.has(path)) files.set(path, bytes);
  }
  parts.set(files, layers);
  return files;
}
