/** A millisecond has room for so many before ids run ahead of the clock. */
const IDS_A_MS = 1_000;

/**
 * Ids that ascend and are never given again, not even when everything that had one is gone: they follow the clock, and go on
 * from the last one when it does not move.
 */
export class MessageIds {
  readonly #clock: () => number;
  #last: number;

  constructor(clock: () => number, last: number) {
    this.#clock = clock;
    this.#last = last;
  }

  next(): number {
    this.#last = Math.max(this.#last + 1, this.#clock() * IDS_A_MS);
    return this.#last;
  }

  get last(): number {
    return this.#last;
  }
}

/** Twenty digits, as SQS has them. */
export function toSequenceNumber(id: number): string {
  return `1${String(id).padStart(19, '0')}`;
}
