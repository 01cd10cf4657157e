/** A process that lived this long had come up well: what ends it later is counted anew. In milliseconds. */
const SETTLED_MS = 10_000;
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;
/** Ends within moments, one after the other, after which starting it once more will not help. */
const MOST_QUICK_ENDS = 10;

/** When a process that has ended starts again: at once when it had lived for a while, else later and later. */
export class Restarts {
  #quickEnds = 0;

  /** Milliseconds until it should start again; `never` when it has ended too often. */
  after(livedMs: number): number | 'never' {
    this.#quickEnds = livedMs < SETTLED_MS ? this.#quickEnds + 1 : 0;
    if (this.#quickEnds > MOST_QUICK_ENDS) return 'never';
    if (this.#quickEnds <= 1) return 0;
    return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (this.#quickEnds - 2));
  }
}
