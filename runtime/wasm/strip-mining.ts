import type { Bound, CountedLoop } from './counted-loop.ts';
import type { FuelCode } from './fuel-code.ts';
import { OP } from './opcodes.ts';
import type { Writer } from './writer.ts';

/**
 * Charges a counted loop for as many turns as it will make or the fuel lasts, and lets the inner loop run to that goal
 * without counting:
 *
 *     turns = min(turns left - 1, fuel / cost of one) + 1;  goal = i + step * turns;  fuel -= cost * turns
 *
 * All modulo 2^32. Too few turns are no harm, the wrapper comes round again; the source's own condition decides that.
 */
export function emitStripHead(loop: CountedLoop, code: FuelCode, out: Writer): void {
  const { index, step, compare } = loop;
  const size = Math.abs(step);
  emitDistance(loop, code, out);
  code.constant(compare === OP.i32Ne ? size : 1);
  out.byte(OP.i32Sub);
  divide(size, code, out);
  if (compare !== OP.i32Ne) {
    code.constant(0);
    emitCondition(loop, code, out);
    out.byte(OP.select);
  }
  code.label(OP.localTee, code.size);
  code.get('local');
  code.constant(loop.fuel);
  out.byte(OP.i32DivU);
  code.label(OP.localTee, code.goal);
  code.label(OP.localGet, code.size);
  code.label(OP.localGet, code.goal);
  out.byte(OP.i32LtU);
  out.byte(OP.select);
  code.constant(1);
  out.byte(OP.i32Add);
  code.label(OP.localTee, code.size);
  code.constant(step);
  out.byte(OP.i32Mul);
  code.label(OP.localGet, index);
  out.byte(OP.i32Add);
  code.label(OP.localSet, code.goal);
  code.chargeBy(() => {
    code.label(OP.localGet, code.size);
    code.constant(loop.fuel);
    out.byte(OP.i32Mul);
  }, 'local');
}

/** The inner loop's end: counts on, and turns until the goal. */
export function emitStripTurn(loop: CountedLoop, label: number, code: FuelCode, out: Writer): void {
  code.label(OP.localGet, loop.index);
  code.constant(loop.step);
  out.byte(OP.i32Add);
  code.label(OP.localTee, loop.index);
  code.label(OP.localGet, code.goal);
  out.byte(OP.i32Ne);
  code.label(OP.brIf, label);
}

/** Gives back what was charged for the turns that a branch out of the loop leaves out. */
export function emitStripRefund(loop: CountedLoop, code: FuelCode, out: Writer): void {
  code.chargeBy(() => {
    code.constant(1);
    code.label(OP.localGet, loop.step < 0 ? loop.index : code.goal);
    code.label(OP.localGet, loop.step < 0 ? code.goal : loop.index);
    out.byte(OP.i32Sub);
    divide(Math.abs(loop.step), code, out);
    out.byte(OP.i32Sub);
    code.constant(loop.fuel);
    out.byte(OP.i32Mul);
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

function divide(by: number, code: FuelCode, out: Writer): void {
  if (by === 1) return;
  const shift = 31 - Math.clz32(by);
  const power = by === 1 << shift;
  code.constant(power ? shift : by);
  out.byte(power ? OP.i32ShrU : OP.i32DivU);
}
