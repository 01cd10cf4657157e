import { OP } from '../format/opcodes.ts';
import type { Body } from './body.ts';
import { PAUSE } from './body.ts';
import { endsBy, matchComparison, mirrored, toBound } from './comparisons.ts';
import type { CountedLoop, LoopForm } from './counted-loop.ts';
import { FRAME } from './frames.ts';
import { type Instruction, readRun } from './plain-runs.ts';

const NO_TYPE = -64;

/** The loop that frame `index` is, when it counts. The loops inside of it must be constant. */
export function matchCountedLoop(body: Body, bytes: Uint8Array, index: number): CountedLoop | undefined {
  const outline = outlineOf(body, index);
  if (!outline) return undefined;
  const { form, head, item } = outline;
  const exits = exitsOf(body, index, outline);
  if (exits === undefined) return undefined;
  const last = readRun(bytes, body.end[item - 1]!, body.start[item]!);
  const counting = form === 'behind' ? matchBehind(last) : matchBefore(body, bytes, head, last);
  if (!counting || !endsBy(counting.compare, counting.step)) return undefined;
  const bound = 'local' in counting.bound ? counting.bound.local : -1;
  if (bound === counting.index || !countsOnce(body, bytes, index, item, counting.index, bound)) return undefined;
  return { ...counting, form, head, item, exits };
}

/** Fuel of one turn; undefined when not all turns cost the same, or when they pay in more than one place. */
export function turnFuel(body: Body, index: number, { form, head, item }: Outline): number | undefined {
  const { startItem } = body.frameAt(index);
  for (let inner = startItem + 1; inner <= item; inner++) {
    if (inner !== head && body.charge[inner] !== 0) return undefined;
    if (body.op[inner] === OP.if && body.frameAt(body.frame[inner]!).elseCharge !== 0) return undefined;
  }
  if (form === 'branch' && body.takenCharge[head] !== 0) return undefined;
  return body.charge[startItem]! + (form === 'behind' ? 0 : body.charge[head]!);
}

/** How a loop asks and turns, whatever it asks. */
export interface Outline {
  readonly form: LoopForm;
  readonly head: number;
  readonly item: number;
}

export function outlineOf(body: Body, index: number): Outline | undefined {
  const { startItem, endItem, blockType, cut } = body.frameAt(index);
  if (cut || blockType !== NO_TYPE) return undefined;
  const first = startItem + 1;
  const last = endItem - 1;
  if (body.start[endItem] !== body.end[last]) return undefined;
  if (body.op[last] === OP.brIf && body.target[last] === index && body.frame[last] === index)
    return { form: 'behind', head: startItem, item: last };
  if (body.op[last] === OP.br && body.target[last] === index && body.frame[last] === index)
    return body.op[first] === OP.brIf && body.target[first]! < index && body.frame[first] === index
      ? { form: 'branch', head: first, item: last }
      : undefined;
  if (body.op[first] !== OP.if || body.frame[first] !== body.frame[last]) return undefined;
  const inner = body.frameAt(body.frame[first]!);
  const turn = last - 1;
  return inner.endItem === last &&
    inner.elseItem < 0 &&
    inner.blockType === NO_TYPE &&
    body.op[turn] === OP.br &&
    body.target[turn] === index &&
    body.frame[turn] === body.frame[first]
    ? { form: 'if', head: first, item: turn }
    : undefined;
}

/** Whether what lies in a turn may leave the loop; undefined when there is more than plain code, blocks and constant loops. */
export function exitsOf(body: Body, index: number, { form, head, item }: Outline): boolean | undefined {
  const around = form === 'if' ? body.frame[head]! : index;
  let exits = false;
  for (let inner = body.frameAt(index).startItem + 1; inner < item; inner++) {
    if (inner === head) continue;
    switch (body.op[inner]) {
      case OP.br:
      case OP.brIf: {
        const target = body.target[inner]!;
        const to = body.frameAt(target);
        if (target === index || target === around || (to.kind === FRAME.loop && to.turns < 0 && target > index))
          return undefined;
        exits ||= target < index;
        break;
      }
      case OP.loop:
        if (body.frameAt(body.frame[inner]!).turns < 0) return undefined;
        break;
      case OP.block:
      case OP.if:
      case OP.else:
      case OP.end:
      case OP.unreachable:
      case PAUSE:
        break;
      default:
        return undefined;
    }
  }
  return exits;
}

function countsOnce(body: Body, bytes: Uint8Array, frame: number, item: number, index: number, bound: number): boolean {
  let writes = 0;
  for (let inner = body.frameAt(frame).startItem + 1; inner <= item; inner++) {
    for (const { op, operand } of readRun(bytes, body.end[inner - 1]!, body.start[inner]!)) {
      if (op !== OP.localSet && op !== OP.localTee) continue;
      if (operand === bound) return false;
      if (operand === index) writes++;
    }
  }
  return writes === 1;
}

type Counting = Pick<CountedLoop, 'cut' | 'index' | 'step' | 'bound' | 'compare'>;

/** The question is before the turn, and the turn counts anywhere in its last run: `[i] [step] add, set i`. */
function matchBefore(body: Body, bytes: Uint8Array, head: number, last: readonly Instruction[]): Counting | undefined {
  const asked = readRun(bytes, body.end[head - 1]!, body.start[head]!);
  const stays = body.op[head] === OP.if ? 'when it holds' : 'when it fails';
  for (let at = last.length - 1; at >= 3; at--) {
    const update = matchUpdate(last, at);
    const comparison = update && matchComparison(asked, update.index, stays);
    if (comparison) return { ...comparison, ...update };
  }
  return undefined;
}

interface Update {
  readonly cut: number;
  readonly index: number;
  readonly step: number;
}

/** `[i] [step] add or sub, set i` with its last instruction at `at`; the old i may be kept in another local on the way. */
function matchUpdate(run: readonly Instruction[], at: number): Update | undefined {
  const set = run[at];
  const add = run[at - 1];
  const step = run[at - 2];
  const kept = run[at - 3]?.op === OP.localTee ? 1 : 0;
  const index = run[at - 3 - kept];
  if (set?.op !== OP.localSet && set?.op !== OP.localTee) return undefined;
  if (add?.op !== OP.i32Add && add?.op !== OP.i32Sub) return undefined;
  if (step?.op !== OP.i32Const || index?.op !== OP.localGet || index.operand !== set.operand) return undefined;
  return {
    cut: index.start,
    index: set.operand,
    step: add.op === OP.i32Add ? step.operand : -step.operand | 0,
  };
}

/** `[i] [step] add, tee i` and then nothing, `bound compare`, or with the bound before it `compare`. */
function matchBehind(run: readonly Instruction[]): Counting | undefined {
  const last = run.length - 1;
  const tee = (at: number): Update | undefined =>
    run[at]?.op === OP.localTee && run[at - 3]?.op === OP.localGet ? matchUpdate(run, at) : undefined;
  const bare = tee(last);
  if (bare) return { ...bare, bound: { constant: 0 }, compare: OP.i32Ne };
  const compare = run[last]?.op;
  const reversed = compare === undefined ? undefined : mirrored(compare);
  if (compare === undefined || reversed === undefined) return undefined;
  const bound = toBound(run[last - 1]);
  const before = bound && tee(last - 2);
  if (before) return { ...before, bound, compare };
  const behind = tee(last - 1);
  const first = run[last - 5];
  const firstBound = toBound(first);
  return behind && first && firstBound
    ? { ...behind, cut: first.start, bound: firstBound, compare: reversed }
    : undefined;
}
