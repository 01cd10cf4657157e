import type { ChunkHelper } from './chunked-bulk.ts';
import { BULK_FUEL_SHIFT } from './dynamic-charges.ts';
import type { Injected } from './fuel-code.ts';
import { LOWEST_COUNTER } from './lowest-counter.ts';
import { BULK, OP } from './opcodes.ts';
import { TYPE, type TypeTable } from './value-types.ts';
import { Writer } from './writer.ts';

const EMPTY_BLOCK = 0x40;
const CHUNK_BYTES = 1 << 18;
const PAGE_SHIFT = 16;

/** An injected function: its type, and its sized body. */
export interface Stub {
  readonly type: number;
  readonly body: Uint8Array;
}

/** The injected functions in index order; those for chunks are known once the code is metered. */
export function createStubs(types: TypeTable, injected: Injected): Stub[] {
  const i32 = [TYPE.i32];
  const hostType = types.indexOf([TYPE.i32, TYPE.i32], i32);
  const three = [TYPE.i32, TYPE.i32, TYPE.i32];
  const stubs: Stub[] = [
    { type: types.indexOf([], []), body: refuel(hostType, injected) },
    { type: types.indexOf(i32, i32), body: refuelLocal(hostType, injected) },
  ];
  for (const helper of injected.chunks.list)
    stubs.push({ type: types.indexOf(three, []), body: inChunks(helper, injected) });
  return stubs;
}

function sized(code: readonly number[], locals: number): Uint8Array {
  const header = locals === 0 ? [0] : [1, locals, TYPE.i32];
  const out = new Writer(code.length + 8);
  out.u32(header.length + code.length + 1);
  out.raw(header);
  out.raw(code);
  out.byte(OP.end);
  return out.view();
}

function u(value: number): number[] {
  const out = new Writer(8);
  out.u32(value);
  return [...out.view()];
}

const constant = (value: number): number[] => {
  const out = new Writer(8);
  out.s32(value);
  return [OP.i32Const, ...out.view()];
};
const get = (local: number): number[] => [OP.localGet, local];
const set = (local: number): number[] => [OP.localSet, local];

/** (counter, global) -> counter: what the host answers. Negative, it ends the guest with a trap, which no guest code can catch. */
function askHost(hostType: number, injected: Injected): number[] {
  return [
    ...constant(0),
    OP.callIndirect,
    ...u(hostType),
    ...u(injected.refuelTable),
    OP.localTee,
    0,
    ...constant(0),
    OP.i32LtS,
    OP.if,
    EMPTY_BLOCK,
    OP.unreachable,
    OP.end,
  ];
}

function refuel(hostType: number, injected: Injected): Uint8Array {
  const fuel = u(injected.fuelGlobal);
  const code = [
    ...[OP.globalGet, ...fuel, OP.globalGet, ...fuel],
    ...askHost(hostType, injected),
    ...get(0),
    ...[OP.globalSet, ...fuel],
  ];
  return sized(code, 1);
}

/**
 * While the host is asked the global has the counter, which whatever leaves from there finds; afterwards it says that the
 * counter is in a local, and the host keeps what the global said before.
 */
function refuelLocal(hostType: number, injected: Injected): Uint8Array {
  const fuel = u(injected.fuelGlobal);
  const code = [
    ...get(0),
    ...[OP.globalGet, ...fuel],
    ...get(0),
    ...[OP.globalSet, ...fuel],
    ...askHost(hostType, injected),
    ...constant(IN_LOCAL),
    ...[OP.globalSet, ...fuel],
    ...get(0),
  ];
  return sized(code, 0);
}

/** The global's value while the counter is in a local that was refuelled. */
const IN_LOCAL: number = LOWEST_COUNTER - 2 ** 29;

/**
 * (to, value or from, length): fills or copies in chunks with a charge and a look at the fuel before each. Out of bounds
 * it runs the instruction whole, which traps and changes nothing. Copies downwards where upwards would overwrite the source.
 */
function inChunks(helper: ChunkHelper, injected: Injected): Uint8Array {
  const TO = 0;
  const FROM = 1;
  const LEFT = 2;
  const CHUNK = 3;
  const what = 'fill' in helper ? 'fill' : 'copy';
  const [to, from] = 'fill' in helper ? [helper.fill, helper.fill] : [helper.to, helper.from];
  const instruction =
    what === 'fill' ? [OP.bulk, BULK.memoryFill, ...u(to)] : [OP.bulk, BULK.memoryCopy, ...u(to), ...u(from)];
  const fuel = u(injected.fuelGlobal);

  const outside = (address: number, memory: number): number[] => [
    ...get(address),
    OP.i64ExtendI32U,
    ...get(LEFT),
    OP.i64ExtendI32U,
    OP.i64Add,
    OP.memorySize,
    ...u(memory),
    OP.i64ExtendI32U,
    OP.i64Const,
    PAGE_SHIFT,
    OP.i64Shl,
    OP.i64GtU,
  ];
  const advance = (local: number): number[] => [...get(local), ...get(CHUNK), OP.i32Add, ...set(local)];
  const shrink = [...get(LEFT), ...get(CHUNK), OP.i32Sub, ...set(LEFT)];
  const upwards = [
    ...get(TO),
    ...get(FROM),
    ...get(CHUNK),
    ...instruction,
    ...advance(TO),
    ...(what === 'copy' ? advance(FROM) : []),
    ...shrink,
  ];
  const downwards = [
    ...shrink,
    ...get(TO),
    ...get(LEFT),
    OP.i32Add,
    ...get(FROM),
    ...get(LEFT),
    OP.i32Add,
    ...get(CHUNK),
    ...instruction,
  ];
  const loop = (step: readonly number[]): number[] => [
    OP.loop,
    EMPTY_BLOCK,
    ...get(LEFT),
    ...constant(CHUNK_BYTES),
    ...get(LEFT),
    ...constant(CHUNK_BYTES),
    OP.i32LtU,
    OP.select,
    ...set(CHUNK),
    OP.globalGet,
    ...fuel,
    ...get(CHUNK),
    ...constant(BULK_FUEL_SHIFT),
    OP.i32ShrU,
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
    ...u(injected.refuel),
    OP.end,
    ...step,
    ...get(LEFT),
    OP.brIf,
    0,
    OP.end,
  ];
  const code = [
    ...outside(TO, to),
    ...(what === 'copy' ? [...outside(FROM, from), OP.i32Or] : []),
    OP.if,
    EMPTY_BLOCK,
    ...get(TO),
    ...get(FROM),
    ...get(LEFT),
    ...instruction,
    OP.return,
    OP.end,
    ...(what === 'fill' || to !== from
      ? loop(upwards)
      : [
          ...get(TO),
          ...get(FROM),
          OP.i32LeU,
          OP.if,
          EMPTY_BLOCK,
          ...loop(upwards),
          OP.else,
          ...loop(downwards),
          OP.end,
        ]),
  ];
  return sized(code, 1);
}
