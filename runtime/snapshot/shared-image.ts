import { closeSync, writeSync } from 'node:fs';
import type { Image } from '../contract/artifact.ts';
import { WASM_PAGE_BYTES } from '../contract/limits.ts';
import { loadLibc } from './libc.ts';

/**
 * An image as all threads of the process share it: posted to them once, its bytes never copied.
 * `mapped` lives in a memfd whose descriptor is valid in every thread; `copied` in shared memory.
 */
export type SharedImage = {
  readonly pages: number;
  readonly globals: readonly string[];
} & (
  | { readonly kind: 'mapped'; readonly fd: number }
  | { readonly kind: 'copied'; readonly memory: SharedArrayBuffer }
);

/**
 * Images below this many bytes are copied. Measured with a guest that touches three pages, in microseconds: copying 64 KiB
 * takes 1.5 to 3, 128 KiB 3.5 to 6, 256 KiB 5 to 11; mapping and resetting 1.5 to 2, whatever the size, but each page that is
 * touched for the first time costs a fault of 2 to 4.
 */
export const MAP_THRESHOLD_BYTES: number = 128 * 1024;

/** How images may be brought back: `auto` maps the large ones where the system can, `copy` never does. */
export type SnapshotMode = 'auto' | 'copy';

/** Puts an image where all threads can reach it. Close it when no thread will restore it any more. */
export function shareImage(image: Image, mode: SnapshotMode): SharedImage {
  const pages = image.memory.byteLength / WASM_PAGE_BYTES;
  if (!Number.isInteger(pages)) throw new RangeError(`an image is whole pages, not ${image.memory.byteLength} bytes`);
  const libc = mode === 'auto' && image.memory.byteLength >= MAP_THRESHOLD_BYTES ? loadLibc() : undefined;
  const fd = libc?.memfdCreate('isola-image', 0) ?? -1;
  if (fd >= 0) {
    writeAll(fd, image.memory);
    return { kind: 'mapped', pages, globals: image.globals, fd };
  }
  const memory = new SharedArrayBuffer(image.memory.byteLength);
  new Uint8Array(memory).set(image.memory);
  return { kind: 'copied', pages, globals: image.globals, memory };
}

export function closeImage(image: SharedImage): void {
  if (image.kind === 'mapped') closeSync(image.fd);
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.byteLength; )
    at += writeSync(fd, bytes, at, Math.min(bytes.byteLength - at, 1 << 30), at);
}
