import { closeSync, ftruncateSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { inflateRaw, inflateRawSync } from 'node:zlib';
import type { Image } from '../contract/artifact.ts';
import { WASM_PAGE_BYTES } from '../contract/limits.ts';
import { loadLibc } from './libc.ts';
import { type Chunk, heldBytes, readChunks, readHead, type WriteBytes } from './unpack-image.ts';

/** An image as all threads of the process share it: posted to them once, its bytes never copied. */
export interface SharedImage extends Omit<Image, 'memories'> {
  readonly memories: readonly SharedMemory[];
  /** What it holds beside zeros, in bytes: about what it takes of the machine's memory. */
  readonly heldBytes: number;
}

/**
 * One memory of an image. `mapped` lives in a memfd whose descriptor is valid in every thread; `copied` in shared memory.
 */
export type SharedMemory = { readonly pages: number } & (
  | { readonly kind: 'mapped'; readonly fd: number }
  | { readonly kind: 'copied'; readonly memory: SharedArrayBuffer }
);

/**
 * Memories below this many bytes are copied. Measured with a guest that touches three pages, in microseconds: copying 64 KiB
 * takes 1.5 to 3, 128 KiB 3.5 to 6, 256 KiB 5 to 11; mapping and resetting 1.5 to 2, whatever the size, but each page that is
 * touched for the first time costs a fault of 2 to 4.
 */
export const MAP_THRESHOLD_BYTES: number = 128 * 1024;

/** How images may be brought back: `auto` maps the large memories where the system can, `copy` never does. */
export type SnapshotMode = 'auto' | 'copy';

/** Chunks that are inflated at the same time, each on a thread of Node's. */
const SIDE_BY_SIDE = 4;
/** Images that hold no more than this are unpacked at once: to hand them to other threads would take longer. */
const AT_ONCE_BYTES: number = 256 * 1024;

/** Unpacks an image to where all threads can reach it. Close it when no thread will restore it any more. */
export async function shareImage(packed: Uint8Array, mode: SnapshotMode): Promise<SharedImage> {
  const { image, chunks, bytes } = openImage(packed, mode);
  if (bytes <= AT_ONCE_BYTES) return fillAtOnce(image, chunks);
  try {
    for (let some = take(chunks); some.length > 0; some = take(chunks)) {
      const held = await Promise.all(some.map(inflateChunk));
      for (const [index, { write }] of some.entries()) write(held[index] as Uint8Array);
    }
    return image;
  } catch (error) {
    closeImage(image);
    throw error;
  }
}

/** The same, which blocks this thread for as long as it takes. */
export function shareImageSync(packed: Uint8Array, mode: SnapshotMode): SharedImage {
  const { image, chunks } = openImage(packed, mode);
  return fillAtOnce(image, chunks);
}

export function closeImage({ memories }: SharedImage): void {
  for (const memory of memories) if (memory.kind === 'mapped') closeSync(memory.fd);
}

function openImage(
  packed: Uint8Array,
  mode: SnapshotMode,
): { readonly image: SharedImage; readonly chunks: Generator<Chunk>; readonly bytes: number } {
  const { head, chunks } = readHead(packed);
  const memories: SharedMemory[] = [];
  const bytes = head.memories.reduce((sum, memory) => sum + heldBytes(memory), 0);
  const image = { ...head, memories, heldBytes: bytes };
  try {
    for (const { bytes } of head.memories) memories.push(createShared(bytes, mode));
  } catch (error) {
    closeImage(image);
    throw error;
  }
  return { image, chunks: readChunks(head.memories, chunks, memories.map(createWrite)), bytes };
}

function fillAtOnce(image: SharedImage, chunks: Generator<Chunk>): SharedImage {
  try {
    for (const { stored, compressed, held, write } of chunks) {
      write(compressed ? inflateRawSync(stored, { maxOutputLength: held }) : stored);
    }
    return image;
  } catch (error) {
    closeImage(image);
    throw error;
  }
}

const inflate = promisify(inflateRaw) as (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>;

async function inflateChunk({ stored, compressed, held }: Chunk): Promise<Uint8Array> {
  return compressed ? inflate(stored, { maxOutputLength: held }) : stored;
}

function take(chunks: Generator<Chunk>): Chunk[] {
  const some: Chunk[] = [];
  while (some.length < SIDE_BY_SIDE) {
    const next = chunks.next();
    if (next.done) break;
    some.push(next.value);
  }
  return some;
}

function createShared(bytes: number, mode: SnapshotMode): SharedMemory {
  const pages = bytes / WASM_PAGE_BYTES;
  if (!Number.isInteger(pages)) throw new RangeError(`a memory is whole pages, not ${bytes} bytes`);
  const libc = mode === 'auto' && bytes >= MAP_THRESHOLD_BYTES ? loadLibc() : undefined;
  const fd = libc?.memfdCreate('isola-image', 0) ?? -1;
  if (fd < 0) return { kind: 'copied', pages, memory: new SharedArrayBuffer(bytes) };
  ftruncateSync(fd, bytes);
  return { kind: 'mapped', pages, fd };
}

function createWrite(memory: SharedMemory): WriteBytes {
  if (memory.kind === 'copied') {
    const target = new Uint8Array(memory.memory);
    return (offset, bytes) => target.set(bytes, offset);
  }
  return (offset, bytes) => {
    for (let at = 0; at < bytes.byteLength; ) at += writeSync(memory.fd, bytes, at, bytes.byteLength - at, offset + at);
  };
}
