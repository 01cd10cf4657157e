import type { DecodedModule } from '../format/module.ts';
import { OP } from '../format/opcodes.ts';
import { TYPE } from '../format/value-types.ts';
import type { Injected } from '../fuel/fuel-code.ts';
import type { AddedStub } from './added-stubs.ts';
import { arrayChunks, arrayChunkTypes } from './array-chunks.ts';
import { gatedGrowth, pagesType } from './gated-growth.ts';
import { LOWEST_COUNTER } from './lowest-counter.ts';
import { memoryChunks, memoryChunkTypes } from './memory-chunks.ts';
import { constant, EMPTY_BLOCK, get, sized, u } from './stub-code.ts';
import { tableChunks, tableChunkTypes } from './table-chunks.ts';

/** An injected function: its type, and its sized body. */
export interface Stub {
  readonly type: number;
  readonly body: Uint8Array;
}

/** The injected functions in index order; helpers are known once the code is metered. */
export function createStubs(module: DecodedModule, injected: Injected): Stub[] {
  const { types } = module;
  const i32 = [TYPE.i32];
  const hostType = types.indexOf([TYPE.i32, TYPE.i32], i32);
  const stubs: Stub[] = [
    { type: types.indexOf([], []), body: refuel(hostType, injected) },
    { type: types.indexOf(i32, i32), body: refuelLocal(hostType, injected) },
  ];
  for (const helper of injected.addedStubs.list) stubs.push(toStub(helper, module, injected));
  return stubs;
}

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

/** (bytes): charges for a large array and asks the host, which finds the bytes in a global, before it is made. */
function reserve(injected: Injected): Uint8Array {
  const fuel = u(injected.fuelGlobal);
  const pending = u(injected.pendingGlobal);
  const code = [
    ...get(0),
    ...[OP.globalSet, ...pending],
    ...[OP.globalGet, ...fuel],
    ...get(0),
    ...constant(MOST_RESERVED_FUEL),
    ...get(0),
    ...constant(MOST_RESERVED_FUEL),
    OP.i32LtU,
    OP.select,
    OP.i32Sub,
    ...[OP.globalSet, ...fuel],
    OP.call,
    ...u(injected.refuel),
    ...constant(0),
    ...[OP.globalSet, ...pending],
  ];
  return sized(code, 0);
}

const MOST_RESERVED_FUEL = 2 ** 27;

function toStub(helper: AddedStub, module: DecodedModule, injected: Injected): Stub {
  const { types, memories } = module;
  if (helper.kind === 'reserve') return { type: types.indexOf([TYPE.i32], []), body: reserve(injected) };
  if (helper.kind === 'grow') {
    const pages = [pagesType(memories[helper.memory])];
    return { type: types.indexOf(pages, pages), body: gatedGrowth(helper.memory, memories, injected) };
  }
  if (helper.kind === 'table.fill' || helper.kind === 'table.copy' || helper.kind === 'table.init') {
    const params = tableChunkTypes(helper, module);
    return { type: types.indexOf(params, []), body: tableChunks(helper, params, module, injected) };
  }
  if (helper.kind === 'fill' || helper.kind === 'copy') {
    const params = memoryChunkTypes(helper, memories);
    return { type: types.indexOf(params, []), body: memoryChunks(helper, params, injected) };
  }
  return { type: types.indexOf(arrayChunkTypes(helper, types), []), body: arrayChunks(helper, types, injected) };
}
