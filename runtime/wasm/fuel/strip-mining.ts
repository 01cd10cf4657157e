import { OP } from '../format/opcodes.ts';
import type { Writer } from '../format/writer.ts';
import { reachesBound } from './comparisons.ts';
import type { Bound, CountedLoop, StrippedLoop } from './counted-loop.ts';
import type { FuelCode } from './fuel-code.ts';

/**
 * Charges a counted loop for as many turns as it will make, but no more than `most`, and lets an inner loop run to that goal
 * without counting:
 *
 *     turns = min(turns left - 1, most - 1) + 1;  goal = i + step * turns;  fuel -= cost * turns
 *
 * All modulo 2^32. Too few turns are no harm: the wrapper comes round again, and the source's own comparison decides that.
 * Turns left are what counting makes of the way to the bound. Where the question is behind the turn, the first turn is certain
 * and the way begins behind it.
 */
export function emitStripHead(loop: StrippedLoop, code: FuelCode, out: Writer): void {
  const { index, step, compare, form } = loop;
  const size = Math.abs(step);
  const less = reachesBound(compare) ? 0 : 1;
  emitDistance(loop, code, out);
  if (form === 'behind' && compare === OP.i32Ne) {
    subtract(size, code, out);
    divide(size, code, out);
  } else if (form === 'behind') {
    subtract(less, code, out);
    divide(size, code, out);
    code.constant(0);
    emitCondition(loop, code, out);
    out.byte(OP.select);
  } else {
    subtract(less, code, out);
    divide(size, code, out);
  }
  code.label(OP.localTee, code.size);
  code.constant(loop.most - 1);
  code.label(OP.localGet, code.size);
  code.constant(loop.most - 1);
  out.byte(OP.i32LtU);
  out.byte(OP.select);
  code.constant(1);
  out.byte(OP.i32Add);
  code.label(OP.localTee, code.size);
  multiply(step, code, out);
  code.label(OP.localGet, index);
  out.byte(OP.i32Add);
  code.label(OP.localSet, code.goal);
  code.chargeBy(() => {
    code.label(OP.localGet, code.size);
    multiply(loop.fuel, code, out);
  }, 'local');
}

/** The inner loop's end where the question was behind the turn: counts on, and turns until the goal. */
export function emitStripTurn(loop: CountedLoop, label: number, code: FuelCode, out: Writer): void {
  code.label(OP.localGet, loop.index);
  code.constant(loop.step);
  out.byte(OP.i32Add);
  code.label(OP.localTee, loop.index);
  code.label(OP.localGet, code.goal);
  out.byte(OP.i32Ne);
  code.label(OP.brIf, label);
}

/** The inner loop's end where the turn has counted already. */
export function emitStripEnd(loop: CountedLoop, code: FuelCode, out: Writer): void {
  code.label(OP.localGet, loop.index);
  code.label(OP.localGet, code.goal);
  out.byte(OP.i32Ne);
  code.label(OP.brIf, 0);
  out.byte(OP.end);
}

/** Gives back what was charged for the turns that a branch out of the loop leaves out. */
export function emitStripRefund(loop: StrippedLoop, code: FuelCode, out: Writer): void {
  code.chargeBy(() => {
    code.constant(1);
    code.label(OP.localGet, loop.step < 0 ? loop.index : code.goal);
    code.label(OP.localGet, loop.step < 0 ? code.goal : loop.index);
    out.byte(OP.i32Sub);
    divide(Math.abs(loop.step), code, out);
    out.byte(OP.i32Sub);
    multiply(loop.fuel, code, out);
  }, 'local');
}

export function emitCondition(loop: CountedLoop, code: FuelCode, out: Writer): void {
  code.label(OP.localGet, loop.index);
  emitBound(loop.bound, code);
  out.byte(loop.compare);
}

/** From i to the bound, in the direction of the step. */
function emitDistance({ index, step, bound }: CountedLoop, code: FuelCode, out: Writer): void {
  if (step < 0) {
    code.label(OP.localGet, index);
    emitBound(bound, code);
  } else {
    emitBound(bound, code);
    code.label(OP.localGet, index);
  }
  out.byte(OP.i32Sub);
}

function emitBound(bound: Bound, code: FuelCode): void {
  if ('local' in bound) code.label(OP.localGet, bound.local);
  else code.constant(bound.constant);
}

function subtract(what: number, code: FuelCode, out: Writer): void {
  if (what === 0) return;
  code.constant(what);
  out.byte(OP.i32Sub);
}

function multiply(by: number, code: FuelCode, out: Writer): void {
  if (by === 1) return;
  code.constant(by);
  out.byte(OP.i32Mul);
}

function divide(by: number, code: FuelCode, out: Writer): void {
  if (by === 1) return;
  const shift = 31 - Math.clz32(by);
  const power = by === 1 << shift;
  code.constant(power ? shift : by);
  out.byte(power ? OP.i32ShrU : OP.i32DivU);
}
