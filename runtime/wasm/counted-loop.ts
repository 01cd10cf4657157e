/**
 * An innermost loop that counts: `... i += step; br_if (i compare bound)` is its end and its only back-edge, only that
 * writes i, nothing writes the bound, and every turn costs the same. It can be charged for many turns at once.
 */
export interface CountedLoop {
  /** The br_if, and the first byte of the counting before it. */
  readonly item: number;
  readonly cut: number;
  readonly index: number;
  readonly step: number;
  readonly bound: Bound;
  readonly compare: number;
  /** Fuel of one turn. */
  readonly fuel: number;
}

export type Bound = { readonly local: number } | { readonly constant: number };
