import { OP } from '../format/opcodes.ts';
import { TYPE } from '../format/value-types.ts';
import { Writer } from '../format/writer.ts';

/** Pieces of injected functions, as bytes. */
export const EMPTY_BLOCK = 0x40;

/** The body of an injected function, size first; its locals are i32. */
export function sized(code: readonly number[], locals: number): Uint8Array {
  const header = locals === 0 ? [0] : [1, locals, TYPE.i32];
  const out = new Writer(code.length + 8);
  out.u32(header.length + code.length + 1);
  out.raw(header);
  out.raw(code);
  out.byte(OP.end);
  return out.view();
}

export function u(value: number): number[] {
  const out = new Writer(8);
  out.u32(value);
  return [...out.view()];
}

function s(value: number): number[] {
  const out = new Writer(8);
  out.s32(value);
  return [...out.view()];
}

export const constant = (value: number): number[] => [OP.i32Const, ...s(value)];
export const wideConstant = (value: number): number[] => [OP.i64Const, ...s(value)];
export const get = (local: number): number[] => [OP.localGet, local];
export const set = (local: number): number[] => [OP.localSet, local];

/** Indices that chunks are charged with. */
interface Account {
  readonly fuelGlobal: number;
  readonly refuel: number;
}

/** Charges `amount`, which leaves an i32, and looks at the fuel. */
export function chargeAndLook(amount: readonly number[], { fuelGlobal, refuel }: Account): number[] {
  const fuel = u(fuelGlobal);
  return [
    OP.globalGet,
    ...fuel,
    ...amount,
    OP.i32Sub,
    OP.globalSet,
    ...fuel,
    OP.globalGet,
    ...fuel,
    ...constant(0),
    OP.i32LtS,
    OP.if,
    EMPTY_BLOCK,
    OP.call,
    ...u(refuel),
    OP.end,
  ];
}
