/** A package's files by path, relative and with forward slashes. */
export type PackageFiles = ReadonlyMap<string, Uint8Array>;

/** The same files in one piece of memory that threads share instead of copying it. */
export function sharedFiles(files: PackageFiles): PackageFiles {
  const whole = new SharedArrayBuffer(bytesOf(files));
  const shared = new Map<string, Uint8Array>();
  let at = 0;
  for (const [path, bytes] of files) {
    const place = new Uint8Array(whole, at, bytes.byteLength);
    place.set(bytes);
    shared.set(path, place);
    at += bytes.byteLength;
  }
  return shared;
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
