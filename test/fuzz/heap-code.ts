import type { Builder } from './builder.ts';
import { u } from './bytes.ts';
import type { ValueType } from './types.ts';

const GC = 0xfb;

/** A node, new or kept; or null, rarely. */
export function node(builder: Builder, depth: number): undefined {
  const heap = builder.plan.heap!;
  const type: ValueType = `null:${heap.node}`;
  switch (depth <= 0 ? builder.random.below(2) : builder.random.below(6)) {
    case 0:
      return builder.op([GC, 1, ...u(heap.node)]);
    case 1:
      return builder.op([GC, 1, ...u(heap.leaf)]);
    case 2:
      builder.values(['i32', 'i64', type], depth - 1);
      return builder.op([GC, 0, ...u(heap.node)]);
    case 3:
      builder.values(['i32', 'i64', type, 'i32'], depth - 1);
      return builder.op([GC, 0, ...u(heap.leaf)]);
    case 4:
      return builder.indexed(0x20, builder.local(type)!);
    default:
      builder.value(type, depth - 1);
      return builder.op([GC, 2, ...u(heap.node), 2]);
  }
}

export function longs(builder: Builder): undefined {
  const heap = builder.plan.heap!;
  if (builder.random.once(2)) return builder.indexed(0x20, builder.local(`null:${heap.longs}`)!);
  builder.values(['i64', 'i64', 'i64'], 0);
  return builder.op([GC, 8, ...u(heap.longs), 3]);
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
      return builder.op([GC, builder.random.pick([20, 21]), ...u(heap.leaf)]);
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
  switch (builder.random.below(6)) {
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
    builder.op([GC, cast, 3, 0, ...u(heap.node), ...u(heap.leaf)]);
    builder.statements(1, depth - 1);
    return undefined;
  });
  return builder.indexed(0x21, builder.local(nodeType)!);
}
