import type { Builder, Label } from './builder.ts';
import { u } from './bytes.ts';
import type { ValueType } from './types.ts';
import { TABLE_ENTRIES, TABLE_ITEMS } from './weights.ts';

/** The table that calls go through, one that is only written, and with typed references one of the first function's type. */
export const CALLS = 0;
const SCRATCH = 1;
export const TYPED = 2;

function someFunction(builder: Builder): number {
  const { imports, taken } = builder.plan;
  return imports.length + builder.random.pick(taken);
}

function index(builder: Builder, below: number): undefined {
  if (builder.random.once(30)) return builder.value('i32', 0);
  if (builder.random.once(2)) return builder.i32(builder.random.below(below));
  builder.value('i32', 0);
  builder.i32(3);
  return builder.op(0x71);
}

/** Of functions that are in the calls' table, by the signature that is asked for when there is one. */
export function callIndex(builder: Builder, type: number): undefined {
  const { functions, tables, taken } = builder.plan;
  const slots = Array.from({ length: tables[CALLS]!.min }, (_, slot) => slot).filter(
    (slot) => functions[taken[slot % taken.length]!]!.type === type,
  );
  return slots.length > 0 && !builder.random.once(30)
    ? builder.i32(builder.random.pick(slots))
    : index(builder, tables[CALLS]!.min);
}

export function reference(builder: Builder, type: ValueType): undefined {
  if (type === 'funcref') {
    if (builder.random.once(3)) {
      const table = builder.random.pick([CALLS, SCRATCH]);
      index(builder, 3);
      return builder.indexed(0x25, table);
    }
    if (builder.random.once(4)) return builder.op([0xd0, 0x70]);
    return builder.indexed(0xd2, someFunction(builder));
  }
  if (builder.random.once(3)) {
    index(builder, 3);
    return builder.indexed(0x25, TYPED);
  }
  const { imports, functions, taken } = builder.plan;
  const same = taken.filter((place) => functions[place]!.type === functions[0]!.type);
  return builder.indexed(0xd2, imports.length + builder.random.pick(same));
}

/** One instruction on the table that is written. */
export function tableStatement(builder: Builder): undefined {
  const few = (): undefined => builder.i32(builder.random.below(3));
  switch (builder.random.below(7)) {
    case 0:
      index(builder, 3);
      builder.value('funcref', 0);
      return builder.indexed(0x26, SCRATCH);
    case 1:
      few();
      few();
      few();
      return builder.code.sizedOp(
        [0xfc, 14, ...u(SCRATCH), ...u(builder.random.pick([CALLS, SCRATCH]))],
        1,
        TABLE_ENTRIES,
      );
    case 2:
      few();
      builder.value('funcref', 0);
      few();
      return builder.code.sizedOp([0xfc, 17, ...u(SCRATCH)], 1, TABLE_ENTRIES);
    case 3:
      builder.value('funcref', 0);
      builder.i32(builder.random.pick([0, 1, 5, 100]));
      builder.code.sizedOp([0xfc, 15, ...u(SCRATCH)], 1, TABLE_ITEMS);
      return builder.op(0x1a);
    case 4:
      few();
      few();
      few();
      return builder.code.sizedOp([0xfc, 12, 1, ...u(SCRATCH)], 1, TABLE_ENTRIES);
    case 5:
      if (builder.random.once(10)) return builder.op([0xfc, 13, 1]);
      few();
      builder.indexed(0xd2, someFunction(builder));
      return builder.indexed(0x26, SCRATCH);
    default:
      builder.op([0xfc, 16, SCRATCH]);
      return builder.op(0x1a);
  }
}

/** br_on_null and br_on_non_null, out of a block or to any label that carries the same. */
export function nullBranch(builder: Builder, depth: number): undefined {
  const { random, plan, labels } = builder;
  const type: ValueType = `null:${plan.functions[0]!.type}`;
  if (random.once(2)) {
    const empty = labels.filter((label) => label.kind !== 'counted' && label.types.length === 0);
    const label: Label = { kind: 'block', types: [] };
    builder.inside(0x02, { params: [], results: [] }, label, () => {
      builder.value(type, 0);
      builder.indexed(0xd5, builder.depthOf(random.pick([...empty, label])));
      builder.op(0x1a);
      return builder.statements(1, depth - 1);
    });
    return undefined;
  }
  builder.inside(0x02, { params: [], results: [type] }, { kind: 'block', types: [type] }, () => {
    builder.value(type, 0);
    builder.indexed(0xd6, 0);
    builder.statements(1, depth - 1);
    return builder.zero(type);
  });
  return builder.op(0x1a);
}
