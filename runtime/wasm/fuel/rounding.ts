/**
 * Fuel is rounded up in two places, where counting to the unit would cost more than what is counted. Both depend on the
 * module alone, so that fuel is the same wherever and however often a program runs.
 *
 *   - Level ways. An `if` whose arms hold nothing but plain instructions, blocks and further level ways, and differ by
 *     at most SLACK_FUEL, costs its dearer arm. A br_if to the end of the block it stands in, which skips no more than
 *     that of the same, costs as much as if it did not.
 *   - Small leaves. A function without loops, calls and instructions that cost by size, whose dearest way costs at most
 *     LEAF_FUEL, always costs that much, when nothing but calls and tables can enter it. A call through a table costs, on top of
 *     what the function called counts, the dearest small leaf of its type that a table may hold.
 */
export interface Rounding {
  readonly slack: number;
  readonly leaf: number;
}

export const ROUNDED: Rounding = { slack: 8, leaf: 40 };
/** Every instruction counts, and nothing else. */
export const TO_THE_UNIT: Rounding = { slack: -1, leaf: -1 };
