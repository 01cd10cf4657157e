import { OP } from '../format/opcodes.ts';
import type { Writer } from '../format/writer.ts';
import type { Body } from './body.ts';
import type { OpenLoop } from './counted-loop.ts';
import { exitsOf, outlineOf, turnFuel } from './counted-loops.ts';
import type { FuelCode } from './fuel-code.ts';
import { type Instruction, readRun } from './plain-runs.ts';

/** Dearer turns are worth a charge of their own, and shorter strips are not worth their ends. */
const MOST_TURN_FUEL = 64;
const STRIP_FUEL = 8192;

export function matchOpenLoop(body: Body, bytes: Uint8Array, index: number): OpenLoop | undefined {
  const outline = outlineOf(body, index);
  if (outline?.form !== 'if' || exitsOf(body, index, outline) !== false) return undefined;
  const { head, item } = outline;
  const fuel = turnFuel(body, index, outline);
  if (fuel === undefined || fuel <= 0 || fuel > MOST_TURN_FUEL || body.charge[body.frameAt(index).startItem] !== 0)
    return undefined;
  const counting = matchCounting(bytes, readRun(bytes, body.end[item - 1]!, body.start[item]!));
  if (!counting || !isWrittenOnce(body, bytes, index, item, counting.index)) return undefined;
  return { head, item, ...counting, fuel, most: Math.floor(STRIP_FUEL / fuel) };
}

/** `[i] 1 add, set i` anywhere in the run. */
function matchCounting(bytes: Uint8Array, run: readonly Instruction[]): Pick<OpenLoop, 'index' | 'width'> | undefined {
  for (let at = run.length - 1; at >= 3; at--) {
    const [index, one, add, set] = [run[at - 3]!, run[at - 2]!, run[at - 1]!, run[at]!];
    const wide = one.op === OP.i64Const;
    if (set.op !== OP.localSet || index.op !== OP.localGet || index.operand !== set.operand) continue;
    if (add.op !== (wide ? OP.i64Add : OP.i32Add) || !(wide || one.op === OP.i32Const)) continue;
    if (add.start === one.start + 2 && bytes[one.start + 1] === 1)
      return { index: set.operand, width: wide ? 'i64' : 'i32' };
  }
  return undefined;
}

function isWrittenOnce(body: Body, bytes: Uint8Array, frame: number, item: number, index: number): boolean {
  let writes = 0;
  for (let inner = body.frameAt(frame).startItem + 1; inner <= item; inner++) {
    for (const { op, operand } of readRun(bytes, body.end[inner - 1]!, body.start[inner]!))
      if ((op === OP.localSet || op === OP.localTee) && operand === index) writes++;
  }
  return writes === 1;
}

const EMPTY_BLOCK = 0x40;

/** Charges for a strip of turns, and opens the loop that makes them. */
export function emitOpenHead(loop: OpenLoop, code: FuelCode, out: Writer): void {
  code.label(OP.localGet, loop.index);
  out.byte(loop.width === 'i64' ? OP.i64Const : OP.i32Const);
  out.s32(loop.most);
  out.byte(loop.width === 'i64' ? OP.i64Add : OP.i32Add);
  code.label(OP.localSet, goalOf(loop, code));
  code.charge(loop.fuel * loop.most, 'local');
  out.raw([OP.loop, EMPTY_BLOCK]);
}

/** Turns until the goal. */
export function emitOpenTurn(loop: OpenLoop, label: number, code: FuelCode, out: Writer): void {
  code.label(OP.localGet, loop.index);
  code.label(OP.localGet, goalOf(loop, code));
  out.byte(loop.width === 'i64' ? OP.i64Ne : OP.i32Ne);
  code.label(OP.brIf, label);
}

/** Behind the loop: gives back the turns that were not made. */
export function emitOpenEnd(loop: OpenLoop, code: FuelCode, out: Writer): void {
  out.byte(OP.end);
  code.chargeBy(() => {
    code.label(OP.localGet, loop.index);
    code.label(OP.localGet, goalOf(loop, code));
    out.byte(loop.width === 'i64' ? OP.i64Sub : OP.i32Sub);
    if (loop.width === 'i64') out.byte(OP.i32WrapI64);
    code.constant(loop.fuel);
    out.byte(OP.i32Mul);
  }, 'local');
}

function goalOf(loop: OpenLoop, code: FuelCode): number {
  return loop.width === 'i64' ? code.wideSize : code.goal;
}
