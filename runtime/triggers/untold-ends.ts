import type { EventEnd } from './run-event.ts';

/** An end that cannot be told is told again so often, after a second and twice as long each time. */
const MOST_TELLINGS = 10;
const FIRST_MS = 1_000;
/** Ends that are kept, each with what the function answered; an event beyond them runs again. */
const MOST_ENDS = 64;

/** How events ended of which nobody could be told yet, by id. */
export class UntoldEnds {
  readonly #ends = new Map<number, { readonly end: EventEnd; readonly tellings: number }>();

  get(id: number): EventEnd | undefined {
    return this.#ends.get(id)?.end;
  }

  /** Answers in how many milliseconds it may be told again; undefined when that was tried often enough. */
  keep(id: number, end: EventEnd): number | undefined {
    const { tellings } = this.#ends.get(id) ?? { tellings: 0 };
    if (tellings >= MOST_TELLINGS) return undefined;
    if (tellings > 0 || this.#ends.size < MOST_ENDS) this.#ends.set(id, { end, tellings: tellings + 1 });
    return FIRST_MS * 2 ** tellings;
  }

  forget(id: number): void {
    this.#ends.delete(id);
  }
}
