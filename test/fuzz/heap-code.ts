import type { Builder } from './builder.ts';
import { u } from './bytes.ts';
import type { ValueType } from './types.ts';
import {
  CAST,
  MOVE_BYTES,
  MOVE_LONGS,
  MOVE_NODES,
  NEW_ARRAY,
  NEW_BYTES,
  NEW_LEAF,
  NEW_LONGS,
  NEW_NODE,
  NEW_NODES,
  type SizeCost,
} from './weights.ts';

const GC = 0xfb;

/** A node, new or kept; or null, rarely. */
export function node(builder: Builder, depth: number): undefined {
  const heap = builder.plan.heap!;
  const type: ValueType = `null:${heap.node}`;
  switch (depth <= 0 ? builder.random.below(2) : builder.random.below(6)) {
    case 0:
      return builder.op([GC, 1, ...u(heap.node)], NEW_NODE);
    case 1:
      return builder.op([GC, 1, ...u(heap.leaf)], NEW_LEAF);
    case 2:
      builder.values(['i32', 'i64', type], depth - 1);
      return builder.op([GC, 0, ...u(heap.node)], NEW_NODE);
    case 3:
      builder.values(['i32', 'i64', type, 'i32'], depth - 1);
      return builder.op([GC, 0, ...u(heap.leaf)], NEW_LEAF);
    case 4:
      return builder.indexed(0x20, builder.local(type)!);
    default:
      builder.value(type, depth - 1);
      return builder.op([GC, 2, ...u(heap.node), 2]);
  }
}

type ArrayName = 'bytes' | 'longs' | 'nodes';

const ARRAYS: Readonly<
  Record<ArrayName, { readonly element: ValueType | 'node'; readonly create: SizeCost; readonly move: SizeCost }>
> = {
  bytes: { element: 'i32', create: NEW_BYTES, move: MOVE_BYTES },
  longs: { element: 'i64', create: NEW_LONGS, move: MOVE_LONGS },
  nodes: { element: 'node', create: NEW_NODES, move: MOVE_NODES },
};
/** Around the sizes at which arrays are made or moved in chunks. */
const LENGTHS: readonly number[] = [0, 1, 3, 100, 2000, 4096, 4097, 5000, 32_769, 140_000];

function element(builder: Builder, name: ArrayName): undefined {
  const type = ARRAYS[name].element;
  return builder.value(type === 'node' ? `null:${builder.plan.heap!.node}` : type, 0);
}

function createArray(builder: Builder, name: ArrayName): undefined {
  const { random, plan } = builder;
  const value = random.once(2);
  if (value) element(builder, name);
  builder.i32(random.pick(random.once(3) ? LENGTHS : LENGTHS.slice(0, 5)));
  return builder.code.sizedOp([GC, value ? 6 : 7, ...u(plan.heap![name])], NEW_ARRAY, ARRAYS[name].create);
}

/** array.fill, array.copy or array.init_data, on arrays that are mostly long enough. */
function moveElements(builder: Builder): undefined {
  const { random, plan } = builder;
  const name = random.pick(['bytes', 'longs', 'nodes'] as const);
  const array = u(plan.heap![name]);
  const length = (): undefined => builder.i32(random.pick(random.once(6) ? LENGTHS : [0, 1, 2, 3]));
  createArray(builder, name);
  builder.i32(0);
  if (random.once(2)) {
    element(builder, name);
    length();
    return builder.code.sizedOp([GC, 16, ...array], 1, ARRAYS[name].move);
  }
  createArray(builder, name);
  builder.i32(random.below(2));
  length();
  return builder.code.sizedOp([GC, 17, ...array, ...array], 1, ARRAYS[name].move);
}

export function longs(builder: Builder): undefined {
  const heap = builder.plan.heap!;
  if (builder.random.once(2)) return builder.indexed(0x20, builder.local(`null:${heap.longs}`)!);
  if (builder.random.once(4)) return createArray(builder, 'longs');
  builder.values(['i64', 'i64', 'i64'], 0);
  return builder.op([GC, 8, ...u(heap.longs), 3], NEW_ARRAY + 3 * 8);
}

export function heapNumber(builder: Builder, type: 'i32' | 'i64', depth: number): undefined {
  const heap = builder.plan.heap!;
  const nodeType: ValueType = `null:${heap.node}`;
  if (type === 'i64') {
    if (builder.random.once(2)) {
      builder.value(nodeType, depth - 1);
      return builder.op([GC, 2, ...u(heap.node), 1]);
    }
    longs(builder);
    builder.i32(builder.random.below(3));
    return builder.op([GC, 11, ...u(heap.longs)]);
  }
  switch (builder.random.below(6)) {
    case 0:
      builder.value(nodeType, depth - 1);
      return builder.op([GC, 2, ...u(heap.node), 0]);
    case 1:
      longs(builder);
      return builder.op([GC, 15]);
    case 2:
      builder.value('i32', depth - 1);
      builder.op([GC, 28]);
      return builder.op([GC, builder.random.pick([29, 30])]);
    case 3:
      builder.value(nodeType, depth - 1);
      return builder.op([GC, builder.random.pick([20, 21]), ...u(heap.leaf)], CAST);
    case 4:
      builder.values([nodeType, nodeType], depth - 1);
      return builder.op(0xd3);
    default:
      builder.value(nodeType, depth - 1);
      return builder.op(0xd1);
  }
}

export function heapStatement(builder: Builder, depth: number): undefined {
  const heap = builder.plan.heap!;
  const nodeType: ValueType = `null:${heap.node}`;
  switch (builder.random.below(7)) {
    case 0:
      builder.values([nodeType, 'i32'], depth - 1);
      return builder.op([GC, 5, ...u(heap.node), 0]);
    case 1:
      builder.values([nodeType, nodeType], depth - 1);
      return builder.op([GC, 5, ...u(heap.node), 2]);
    case 2:
      builder.value(nodeType, depth - 1);
      return builder.indexed(0x21, builder.local(nodeType)!);
    case 3:
      longs(builder);
      return builder.indexed(0x21, builder.local(`null:${heap.longs}`)!);
    case 4:
      longs(builder);
      builder.i32(builder.random.below(3));
      builder.value('i64', depth - 1);
      return builder.op([GC, 14, ...u(heap.longs)]);
    case 5:
      return moveElements(builder);
    default:
      return castBranch(builder, depth);
  }
}

/** br_on_cast, br_on_cast_fail, br_on_null or br_on_non_null out of a block. */
function castBranch(builder: Builder, depth: number): undefined {
  const heap = builder.plan.heap!;
  const nodeType: ValueType = `null:${heap.node}`;
  const results = [nodeType];
  builder.inside(0x02, { params: [], results }, { kind: 'block', types: results }, () => {
    builder.value(nodeType, depth - 1);
    const cast = builder.random.pick([24, 25]);
    builder.op([GC, cast, 3, 0, ...u(heap.node), ...u(heap.leaf)], CAST);
    builder.statements(1, depth - 1);
    return undefined;
  });
  return builder.indexed(0x21, builder.local(nodeType)!);
}
