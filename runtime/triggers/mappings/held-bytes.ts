import { MIB } from '../../contract/limits.ts';

/** What batches of all mappings may weigh together while they are gathered and run, in bytes. */
const MOST_BYTES = 256 * MIB;

/** The bytes of records in memory. */
export class HeldBytes {
  #bytes = 0;

  get isFull(): boolean {
    return this.#bytes >= MOST_BYTES;
  }

  take(bytes: number): void {
    this.#bytes += bytes;
  }

  giveBack(bytes: number): void {
    this.#bytes -= bytes;
  }
}
