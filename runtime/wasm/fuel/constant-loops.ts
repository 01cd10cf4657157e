import { OP } from '../format/opcodes.ts';
import type { Body } from './body.ts';
import { compareI32 } from './comparisons.ts';
import type { CountedLoop } from './counted-loop.ts';
import { matchCountedLoop, turnFuel } from './counted-loops.ts';
import { FRAME } from './frames.ts';
import { readRun } from './plain-runs.ts';

/** Fuel that a loop may burn that is paid for as a whole: nothing in it looks at the fuel. */
const MOST_FUEL = 4096;
/** Constant loops inside of each other. */
const MOST_DEPTH = 3;

/**
 * A counted loop whose index begins with a constant right before it, and which nothing leaves early, always burns the same.
 * It is paid for ahead, as plain code is, when that is little: answers what is paid before it, and frees it of its charges.
 * `paid` is what its turns leave to be paid at its header.
 */
export function payConstantLoop(body: Body, bytes: Uint8Array, index: number, paid: number): number | undefined {
  const frame = body.frameAt(index);
  const { startItem } = frame;
  frame.turns = -1;
  if (!frame.hasBackEdge || frame.hasCall || frame.hasHandler) return undefined;
  const loop = frame.hasLoop && !onlyConstantInside(body, index) ? undefined : matchCountedLoop(body, bytes, index);
  const fuel = loop && turnFuel(body, index, loop);
  if (!loop || fuel === undefined || fuel <= 0) return undefined;
  frame.turns = constantTurns(body, bytes, loop, startItem, Math.floor(MOST_FUEL / fuel));
  if (frame.turns < 0) return undefined;
  const before = (loop.form === 'behind' ? frame.prepaid : paid) + frame.turns * fuel;
  body.charge[startItem] = 0;
  body.charge[loop.head] = 0;
  return before;
}

function onlyConstantInside(body: Body, index: number): boolean {
  const { endItem, loopDepth } = body.frameAt(index);
  for (let inner = index + 1; inner < body.frameCount; inner++) {
    const frame = body.frameAt(inner);
    if (frame.startItem > endItem) break;
    if (frame.kind === FRAME.loop && (frame.turns < 0 || frame.loopDepth - loopDepth >= MOST_DEPTH)) return false;
  }
  return true;
}

/** How often the loop turns; -1 when that is not known, or more than `most`. */
function constantTurns(body: Body, bytes: Uint8Array, loop: CountedLoop, item: number, most: number): number {
  if (loop.exits || 'local' in loop.bound) return -1;
  const first = firstValue(body, bytes, item, loop.index);
  if (first === undefined) return -1;
  const { form, compare, step, bound } = loop;
  let turns = form === 'behind' ? 1 : 0;
  for (let at = (first + turns * step) | 0; turns <= most && compareI32(compare, at, bound.constant); turns++)
    at = (at + step) | 0;
  return turns <= most ? turns : -1;
}

/** The constant that the run before the loop writes last to a local. */
function firstValue(body: Body, bytes: Uint8Array, item: number, local: number): number | undefined {
  if (item === 0) return undefined;
  const run = readRun(bytes, body.end[item - 1]!, body.start[item]!);
  const at = run.findLastIndex(({ op, operand }) => (op === OP.localSet || op === OP.localTee) && operand === local);
  const value = run[at - 1];
  return value?.op === OP.i32Const ? value.operand : undefined;
}
