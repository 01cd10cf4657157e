import type { Builder } from './builder.ts';
import { s, u } from './bytes.ts';
import type { ValueType } from './types.ts';
import { FILL_OR_COPY, GROWTH, MEMORY_GROW, MEMORY_INIT } from './weights.ts';

type Access = readonly [code: readonly number[], bytesLog2: number, lanes?: number];

const LOADS: Readonly<Partial<Record<ValueType, readonly Access[]>>> = {
  i32: [
    [[0x28], 2],
    [[0x2c], 0],
    [[0x2d], 0],
    [[0x2e], 1],
    [[0x2f], 1],
  ],
  i64: [
    [[0x29], 3],
    [[0x30], 0],
    [[0x31], 0],
    [[0x32], 1],
    [[0x33], 1],
    [[0x34], 2],
    [[0x35], 2],
  ],
  f32: [[[0x2a], 2]],
  f64: [[[0x2b], 3]],
  v128: [
    ...Array.from({ length: 11 }, (_, at): Access => [[0xfd, at], at === 0 ? 4 : at < 7 ? 3 : at - 7]),
    [[0xfd, 0x5c], 2],
    [[0xfd, 0x5d], 3],
  ],
};
/** Floats are not stored: the bits of a NaN are not specified. */
const STORES: Readonly<Partial<Record<ValueType, readonly Access[]>>> = {
  i32: [
    [[0x36], 2],
    [[0x3a], 0],
    [[0x3b], 1],
  ],
  i64: [
    [[0x37], 3],
    [[0x3c], 0],
    [[0x3d], 1],
    [[0x3e], 2],
  ],
  v128: [
    [[0xfd, 0x0b], 4],
    [[0xfd, 0x58], 0, 16],
    [[0xfd, 0x59], 1, 8],
    [[0xfd, 0x5a], 2, 4],
    [[0xfd, 0x5b], 3, 2],
  ],
};
const STORED: readonly ValueType[] = ['i32', 'i64', 'v128'];

const PAGE = 65_536;
const MORE_THAN_ENGINES_GIVE = 1 << 20;
const SIZES: readonly number[] = [0, 1, 15, 16, 100, 4096, 32_767, 32_768, 32_769, 50_000, PAGE];

function pickMemory(builder: Builder): number {
  return builder.random.below(builder.plan.memories.length);
}

/** Mostly inside of the least size. */
function address(builder: Builder, memory: number, depth: number): undefined {
  const type = builder.plan.memories[memory]!.address;
  builder.value(type, depth);
  if (builder.random.once(200)) return;
  if (type === 'i32') {
    builder.i32(0x7fff);
    return builder.op(0x71);
  }
  builder.op([0x42, ...s(0x7fff)]);
  return builder.op(0x83);
}

function argument(builder: Builder, memory: number, bytesLog2: number): number[] {
  const align = builder.random.below(bytesLog2 + 1);
  const offset = builder.random.once(60) ? 4_000_000_000 : builder.random.below(300);
  return [...(memory > 0 ? [align | 0x40, ...u(memory)] : [align]), ...u(offset)];
}

export function load(builder: Builder, type: ValueType, depth: number): undefined {
  const memory = pickMemory(builder);
  const [code, size] = builder.random.pick(LOADS[type]!);
  address(builder, memory, depth);
  return builder.op([...code, ...argument(builder, memory, size)]);
}

export function store(builder: Builder, depth: number): undefined {
  const type = builder.random.pick(STORED);
  const memory = pickMemory(builder);
  const [code, size, lanes] = builder.random.pick(STORES[type]!);
  address(builder, memory, depth);
  builder.value(type, depth);
  const lane = lanes === undefined ? [] : [builder.random.below(lanes)];
  return builder.op([...code, ...argument(builder, memory, size), ...lane]);
}

function size(builder: Builder, type: 'i32' | 'i64', most: number): undefined {
  if (builder.random.once(4)) {
    builder.value(type, 1);
    builder.op(type === 'i32' ? [0x41, ...s(255)] : [0x42, ...s(255)]);
    return builder.op(type === 'i32' ? 0x71 : 0x83);
  }
  const value = builder.random.pick(SIZES.filter((one) => one <= most));
  return builder.op([type === 'i32' ? 0x41 : 0x42, ...s(builder.random.once(80) ? -1 : value)]);
}

export function fill(builder: Builder): undefined {
  const memory = pickMemory(builder);
  const type = builder.plan.memories[memory]!.address;
  address(builder, memory, 0);
  builder.value('i32', 0);
  size(builder, type, 32_768);
  return builder.code.sizedOp([0xfc, 11, ...u(memory)], 1, FILL_OR_COPY, type);
}

export function copy(builder: Builder): undefined {
  const [to, from] = [pickMemory(builder), pickMemory(builder)];
  const types = [to, from].map((memory) => builder.plan.memories[memory]!.address);
  const type = types[0] === 'i64' && types[1] === 'i64' ? 'i64' : 'i32';
  address(builder, to, 0);
  address(builder, from, 0);
  size(builder, type, 32_768);
  return builder.code.sizedOp([0xfc, 10, ...u(to), ...u(from)], 1, FILL_OR_COPY, type);
}

/** The first data segment is passive. */
export function init(builder: Builder): undefined {
  const memory = pickMemory(builder);
  address(builder, memory, 0);
  builder.i32(builder.random.below(8));
  builder.i32(builder.random.below(10));
  builder.code.sizedOp([0xfc, 8, 0, ...u(memory)], 1, MEMORY_INIT);
  if (builder.random.once(20)) builder.op([0xfc, 9, 0]);
}

export function grow(builder: Builder): undefined {
  const memory = pickMemory(builder);
  const { address: type, max } = builder.plan.memories[memory]!;
  const pages = max === undefined ? [0, MORE_THAN_ENGINES_GIVE] : [0, 1, 1, 2, 300];
  builder.op([type === 'i32' ? 0x41 : 0x42, ...s(builder.random.pick(pages))]);
  builder.code.sizedOp([0x40, ...u(memory)], GROWTH, MEMORY_GROW, type);
  if (type === 'i64') builder.op(0xa7);
}

export function sizeOf(builder: Builder): undefined {
  const memory = pickMemory(builder);
  builder.indexed(0x3f, memory);
  if (builder.plan.memories[memory]!.address === 'i64') builder.op(0xa7);
}
