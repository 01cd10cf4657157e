import { Errno, fail } from './errno.ts';
import { BLOCK_BYTES, CHUNK_BYTES } from './limits.ts';
import type { Volume } from './volume.ts';

/** The bytes of a regular file. */
export interface FileContent {
  readonly size: number;
  /** Copies from `at` into `target`; answers how many bytes there were, 0 at and beyond the end. */
  read(target: Uint8Array, at: number): number;
  /** Copies into the file, which grows as needed; answers how many bytes fitted the quota, never 0 for some bytes. */
  write(source: Uint8Array, at: number): number;
  /** Cuts the file or lengthens it with zeros, which take quota but no memory. */
  resize(size: number): void;
}

/** Bytes of a package, shared by reference with everybody who reads it. */
export class SharedContent implements FileContent {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get size(): number {
    return this.#bytes.length;
  }

  read(target: Uint8Array, at: number): number {
    if (at >= this.size) return 0;
    const count = Math.min(target.length, this.size - at);
    target.set(this.#bytes.subarray(at, at + count));
    return count;
  }

  write(): number {
    return fail(Errno.ROFS);
  }

  resize(): void {
    fail(Errno.ROFS);
  }
}

/**
 * Bytes of a file in /tmp, in chunks that exist once something was written there. The first chunk starts at a block and
 * doubles, so that a thousand small files cost no more than their blocks.
 *
 *     chunk 0: 4..64 KiB | chunk 1: 64 KiB | (hole) | chunk 3: 64 KiB
 */
export class TmpContent implements FileContent {
  readonly #volume: Volume;
  readonly #chunks: Map<number, Uint8Array> = new Map();
  #size = 0;

  constructor(volume: Volume) {
    this.#volume = volume;
  }

  get size(): number {
    return this.#size;
  }

  read(target: Uint8Array, at: number): number {
    const count = Math.max(0, Math.min(target.length, this.#size - at));
    for (let done = 0; done < count; ) {
      const within = (at + done) % CHUNK_BYTES;
      const step = Math.min(count - done, CHUNK_BYTES - within);
      const chunk = this.#chunks.get(Math.floor((at + done) / CHUNK_BYTES));
      const present = chunk === undefined ? 0 : Math.max(0, Math.min(step, chunk.length - within));
      if (chunk !== undefined && present > 0) target.set(chunk.subarray(within, within + present), done);
      target.fill(0, done + present, done + step);
      done += step;
    }
    return count;
  }

  write(source: Uint8Array, at: number): number {
    if (source.length === 0) return 0;
    if (at > this.#volume.capacity) fail(Errno.FBIG);
    const count = Math.min(source.length, this.#volume.limitFrom(this.#size) - at);
    if (count <= 0) fail(Errno.NOSPC);
    for (let done = 0; done < count; ) {
      const within = (at + done) % CHUNK_BYTES;
      const step = Math.min(count - done, CHUNK_BYTES - within);
      const chunk = this.#chunk(Math.floor((at + done) / CHUNK_BYTES), within + step);
      if (at + done + step > this.#size) this.resize(at + done + step);
      chunk.set(source.subarray(done, done + step), within);
      done += step;
    }
    return count;
  }

  resize(size: number): void {
    if (size < this.#size) this.#dropBehind(size);
    this.#volume.resize(this.#size, size);
    this.#size = size;
  }

  #dropBehind(size: number): void {
    this.#dropChunks(Math.ceil(size / CHUNK_BYTES), Math.ceil(this.#size / CHUNK_BYTES));
    this.#clearBehind(Math.floor(size / CHUNK_BYTES), size % CHUNK_BYTES);
  }

  #dropChunks(from: number, to: number): void {
    if (to - from <= this.#chunks.size) {
      for (let index = from; index < to; index++) this.#chunks.delete(index);
    } else {
      for (const index of this.#chunks.keys()) if (index >= from) this.#chunks.delete(index);
    }
  }

  #clearBehind(index: number, kept: number): void {
    const chunk = this.#chunks.get(index);
    if (chunk === undefined) return;
    const bytes = index === 0 ? toFirstChunkBytes(kept) : CHUNK_BYTES;
    if (bytes < chunk.length) this.#chunks.set(index, chunk.slice(0, bytes).fill(0, kept));
    else chunk.fill(0, kept);
  }

  #chunk(index: number, needed: number): Uint8Array {
    const present = this.#chunks.get(index);
    if (present !== undefined && present.length >= needed) return present;
    const chunk = allocate(index === 0 ? toFirstChunkBytes(needed) : CHUNK_BYTES);
    if (present !== undefined) chunk.set(present);
    this.#chunks.set(index, chunk);
    return chunk;
  }
}

const toFirstChunkBytes = (needed: number): number =>
  Math.max(BLOCK_BYTES, 2 ** Math.ceil(Math.log2(Math.max(1, needed))));

/** A host out of memory is a full disk to the guest. */
const allocate = (bytes: number): Uint8Array => {
  try {
    return new Uint8Array(bytes);
  } catch {
    return fail(Errno.NOSPC);
  }
};
