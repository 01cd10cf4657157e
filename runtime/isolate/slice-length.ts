import { FUEL_SLICE } from '../contract/limits.ts';

/** Decides how much fuel to grant at a time. No choice of lengths changes what a guest does or the fuel it is said to burn. */
export interface SliceLength {
  /** Before anything is known. */
  first(): number;
  /** After a slice in which so much fuel was burnt, with the guest to be stopped in `leftMs`. */
  next(sliceMs: number, burnt: number, leftMs: number): number;
}

/**
 * Lengths that follow the speed measured: about a millisecond of it, growing in steps, shrinking at once.
 *
 *     fuel |            ______ most
 *          |        ___|      |        ___
 *          |    ___|          |    ___|   '--.__        the guest's speed falls: the next slice is short;
 *          |___|              |___|             '--__   near the deadline every slice is
 *          '---------------------------------------- time
 *
 * Speed says nothing of what comes next: a guest that was adding numbers may begin to fault pages, a thousand times slower
 * by the unit. So no slice is longer than what the slowest code we know would burn until shortly after the deadline.
 */
export class AdaptiveSliceLength implements SliceLength {
  #length = 0;

  first(): number {
    this.#length = FUEL_SLICE.first;
    return this.#length;
  }

  next(sliceMs: number, burnt: number, leftMs: number): number {
    const fitting = (burnt * SLICE_MS) / Math.max(sliceMs, Number.MIN_VALUE);
    const safe = (leftMs + LATE_MS) * SLOWEST_FUEL_PER_MS;
    const length = Math.min(fitting, this.#length * GROWTH, FUEL_SLICE.most, safe);
    this.#length = Math.max(FUEL_SLICE.least, Math.floor(length));
    return this.#length;
  }
}

/** How long a slice should last. */
const SLICE_MS = 1;
/** A slice that was short because the guest was slow for a moment is made up for in a few steps. */
const GROWTH = 4;
/** How much later than its deadline the slowest guest may notice. */
const LATE_MS = 2;
/** Six units of a loop that touches a new page each turn take one to four microseconds; a cache miss is ten times quicker. */
const SLOWEST_FUEL_PER_MS = 2_000;
