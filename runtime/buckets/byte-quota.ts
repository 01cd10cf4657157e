import { BucketError } from './bucket-error.ts';

/** Counts what all files weigh together, and refuses what there is no room for. */
export class ByteQuota {
  readonly #most: { readonly object: number; readonly all: number };
  #bytes = 0;

  /** In bytes. */
  constructor(most: { readonly object: number; readonly all: number }) {
    this.#most = most;
  }

  /** Throws an EntityTooLarge for more than one object may have, and a SlowDown when there is no room. */
  take(bytes: number): void {
    if (bytes > this.#most.object) {
      throw new BucketError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size');
    }
    if (this.#bytes + bytes > this.#most.all) {
      throw new BucketError('SlowDown', 'There is no room for more objects in the buckets of this server.');
    }
    this.#bytes += bytes;
  }

  giveBack(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** What is there already, whatever its size. */
  count(bytes: number): void {
    this.#bytes += bytes;
  }
}
