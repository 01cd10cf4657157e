/** Where a counted loop asks whether to turn. */
export type LoopForm =
  /** `loop BODY; br_if (i compare bound) 0; end`: behind each turn, so that it turns once at least. */
  | 'behind'
  /** `loop; i compare bound; if; BODY; br 1; end; end`. */
  | 'if'
  /** `loop; i compare bound; eqz; br_if out; BODY; br 0; end`. */
  | 'branch';

/**
 * A loop that counts: every turn adds a constant to a local i once, which nothing else in the loop writes, and one comparison
 * of i with a bound that the loop does not write decides whether it turns again.
 */
export interface CountedLoop {
  readonly form: LoopForm;
  /** The `if` or branch out in front of a turn, behind which a turn is charged; the loop when the question is behind. */
  readonly head: number;
  /** The branch back, and for the form 'behind' the first byte of the counting before it. */
  readonly item: number;
  readonly cut: number;
  readonly index: number;
  readonly step: number;
  readonly bound: Bound;
  /** It turns while `i compare bound`. */
  readonly compare: number;
  /** Something inside of it may leave it. */
  readonly exits: boolean;
}

export type Bound = { readonly local: number } | { readonly constant: number };

/** A counted loop that is charged for many turns at once. */
export interface StrippedLoop extends CountedLoop {
  /** Fuel of one turn, and the most turns that are charged together. */
  readonly fuel: number;
  readonly most: number;
}

/**
 * A loop `loop; question; if; BODY; br 1; end; end` of unknown length that adds one to a local in every turn, and nothing else
 * to it: counting that is counting turns.
 */
export interface OpenLoop {
  /** The `if`, and the branch back. */
  readonly head: number;
  readonly item: number;
  readonly index: number;
  readonly width: 'i32' | 'i64';
  /** Fuel of one turn, and the turns that are charged together. */
  readonly fuel: number;
  readonly most: number;
}
