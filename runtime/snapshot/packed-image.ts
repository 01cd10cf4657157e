import type { Image } from '../contract/artifact.ts';
import { IMAGE_VERSION } from './image-version.ts';

/**
 * An image as it is stored. Only pages that hold anything are in it, in order, cut into chunks and compressed:
 *
 *     | "isola-image-2\n" | bytes of the head (u32) | head, JSON | chunk | chunk | ...
 *
 * Whoever stores it verifies it; a packed image that was not made by `packImage` is refused, not interpreted.
 */
export interface ImageHead extends Omit<Image, 'memories'> {
  readonly memories: readonly MemoryHead[];
}

export interface MemoryHead {
  readonly bytes: number;
  /** Pairs: first page, and how many of them in a row hold anything. */
  readonly runs: readonly number[];
  /** Stored bytes of each chunk; one that is as long as what it holds is not compressed. */
  readonly chunks: readonly number[];
}

export const MAGIC: Buffer = Buffer.from(`${IMAGE_VERSION}\n`);
export const HEAD_LENGTH_BYTES = 4;
/** What is left out when it is all zeros. */
export const PAGE_BYTES = 4_096;
/** What a full chunk holds. */
export const CHUNK_BYTES: number = 256 * PAGE_BYTES;
