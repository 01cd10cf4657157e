/** A millisecond has room for so many before they run ahead of the clock. */
const A_MS = 1_000;

/** Numbers that ascend over restarts as well, as long as the clock does: of two events of one key the later has the greater. */
export class Sequencers {
  readonly #clock: () => number;
  #last = 0;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  next(): string {
    this.#last = Math.max(this.#last + 1, this.#clock() * A_MS);
    return this.#last.toString(16).toUpperCase().padStart(18, '0');
  }
}
