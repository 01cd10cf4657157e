import { OP } from '../format/opcodes.ts';
import type { Bound } from './counted-loop.ts';
import type { Instruction } from './plain-runs.ts';

/** What i is compared with, as if i stood on the left. */
export interface Comparison {
  readonly bound: Bound;
  readonly compare: number;
}

interface Related {
  /** With the operands exchanged, and negated. */
  readonly mirrored: number;
  readonly negated: number;
  /** Which way i must count so that the comparison fails in the end: 1 up, -1 down, 0 either; NEVER for equality. */
  readonly way: number;
  /** It still holds where i is the bound. */
  readonly reaches: boolean;
}

const NEVER = 2;

const related = (mirrored: number, negated: number, way: number, reaches: boolean): Related => ({
  mirrored,
  negated,
  way,
  reaches,
});

const COMPARISONS: ReadonlyMap<number, Related> = new Map([
  [OP.i32Ne, related(OP.i32Ne, OP.i32Eq, 0, false)],
  [OP.i32Eq, related(OP.i32Eq, OP.i32Ne, NEVER, true)],
  [OP.i32LtS, related(OP.i32GtS, OP.i32GeS, 1, false)],
  [OP.i32LtU, related(OP.i32GtU, OP.i32GeU, 1, false)],
  [OP.i32GtS, related(OP.i32LtS, OP.i32LeS, -1, false)],
  [OP.i32GtU, related(OP.i32LtU, OP.i32LeU, -1, false)],
  [OP.i32LeS, related(OP.i32GeS, OP.i32GtS, 1, true)],
  [OP.i32LeU, related(OP.i32GeU, OP.i32GtU, 1, true)],
  [OP.i32GeS, related(OP.i32LeS, OP.i32LtS, -1, true)],
  [OP.i32GeU, related(OP.i32LeU, OP.i32LtU, -1, true)],
]);

export function mirrored(compare: number): number | undefined {
  return COMPARISONS.get(compare)?.mirrored;
}

/** Counting by `step` goes towards where the comparison fails. */
export function endsBy(compare: number, step: number): boolean {
  const way = COMPARISONS.get(compare)?.way;
  return way !== undefined && step !== 0 && (way === 0 || Math.sign(step) === way);
}

export function reachesBound(compare: number): boolean {
  return COMPARISONS.get(compare)?.reaches ?? false;
}

/** A run that is nothing but a comparison of `index`, as what holds when the loop stays. */
export function matchComparison(
  run: readonly Instruction[],
  index: number,
  stays: 'when it holds' | 'when it fails',
): Comparison | undefined {
  let length = run.length;
  let negate = stays === 'when it fails';
  while (length > 1 && run[length - 1]!.op === OP.i32Eqz) {
    negate = !negate;
    length--;
  }
  const [left, right, last] = run;
  if (length === 1 && left?.op === OP.localGet && left.operand === index)
    return negate ? undefined : { bound: { constant: 0 }, compare: OP.i32Ne };
  if (length !== 3 || !left || !right || !last) return undefined;
  const straight = left.op === OP.localGet && left.operand === index;
  const bound = toBound(straight ? right : left);
  const holds = straight ? last.op : mirrored(last.op);
  if (!bound || holds === undefined || !(straight || (right.op === OP.localGet && right.operand === index)))
    return undefined;
  const compare = negate ? COMPARISONS.get(holds)?.negated : holds;
  return compare === undefined ? undefined : { bound, compare };
}

export function toBound(instruction: Instruction | undefined): Bound | undefined {
  if (instruction?.op === OP.localGet) return { local: instruction.operand };
  if (instruction?.op === OP.i32Const) return { constant: instruction.operand };
  return undefined;
}

/** `left compare right` of two 32-bit numbers. */
export function compareI32(compare: number, left: number, right: number): boolean {
  switch (compare) {
    case OP.i32Ne:
      return left !== right;
    case OP.i32LtS:
      return left < right;
    case OP.i32LtU:
      return left >>> 0 < right >>> 0;
    case OP.i32GtS:
      return left > right;
    case OP.i32GtU:
      return left >>> 0 > right >>> 0;
    case OP.i32LeS:
      return left <= right;
    case OP.i32LeU:
      return left >>> 0 <= right >>> 0;
    case OP.i32GeS:
      return left >= right;
    case OP.i32GeU:
      return left >>> 0 >= right >>> 0;
    default:
      return false;
  }
}
