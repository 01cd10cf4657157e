import { Errno, fail } from './errno.ts';
import { BLOCK_BYTES, TMP_ENTRIES } from './limits.ts';

const toBlocks = (bytes: number): number => Math.ceil(bytes / BLOCK_BYTES);

/**
 * A device with its quotas: whole blocks of bytes, and directory entries. Holes count as if they were written, so that a
 * sparse file can promise no more than the host would give.
 */
export class Volume {
  /** `st_dev` of everything on it. */
  readonly device: bigint;
  readonly access: 'read-only' | 'read-write';
  /** Bytes that fit, in whole blocks; also the longest file. */
  readonly capacity: number;
  #usedBlocks = 0;
  #entries = 0;
  #lastInode = 0;

  constructor(device: bigint, access: 'read-only' | 'read-write', bytes: number) {
    this.device = device;
    this.access = access;
    this.capacity = Math.floor(bytes / BLOCK_BYTES) * BLOCK_BYTES;
  }

  get usedBytes(): number {
    return this.#usedBlocks * BLOCK_BYTES;
  }

  get entries(): number {
    return this.#entries;
  }

  nextInode(): number {
    return ++this.#lastInode;
  }

  assertWritable(): void {
    if (this.access === 'read-only') fail(Errno.ROFS);
  }

  /** How long a file of `size` bytes could become now. */
  limitFrom(size: number): number {
    return this.capacity - this.usedBytes + toBlocks(size) * BLOCK_BYTES;
  }

  /** Accounts for a file changing its length. Fails with FBIG beyond the whole volume, with NOSPC beyond what is free. */
  resize(from: number, to: number): void {
    if (to > this.capacity) fail(Errno.FBIG);
    if (to > this.limitFrom(from)) fail(Errno.NOSPC);
    this.#usedBlocks += toBlocks(to) - toBlocks(from);
  }

  addEntry(): void {
    if (this.#entries >= TMP_ENTRIES) fail(Errno.NOSPC);
    this.#entries++;
  }

  dropEntry(): void {
    this.#entries--;
  }
}
