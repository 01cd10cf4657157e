import type { Builder, Label } from './builder.ts';
import { u } from './bytes.ts';
import { branch } from './control-code.ts';
import type { ValueType } from './types.ts';
import { FREE, THROW } from './weights.ts';

const BLOCK = 0x02;
const TRY = 0x06;
const TRY_TABLE = 0x1f;

/** Throws a tag, sometimes only when a number says so. */
export function throwing(builder: Builder, depth: number): undefined {
  const { random, plan } = builder;
  const tag = random.below(plan.tags.length);
  const write = (): undefined => {
    builder.values(plan.tags[tag]!.params, depth - 1);
    return builder.code.throwOp([0x08, ...u(tag)], THROW);
  };
  builder.value('i32', 1);
  builder.i32(3);
  builder.op(0x71);
  return builder.inside(0x04, { params: [], results: [] }, { kind: 'block', types: [] }, write);
}

export function handled(builder: Builder, results: readonly ValueType[], depth: number): undefined {
  return builder.plan.features.handlers === 'legacy'
    ? legacy(builder, results, depth)
    : tables(builder, results, depth);
}

function body(builder: Builder, results: readonly ValueType[], depth: number): undefined {
  builder.statements(builder.random.below(2), depth - 1);
  if (builder.random.once(2)) throwing(builder, depth);
  return builder.values(results, depth - 1);
}

function legacy(builder: Builder, results: readonly ValueType[], depth: number): undefined {
  const { random, plan, labels } = builder;
  const signature = { params: [], results };
  if (random.once(5)) {
    const to = random.pick(labels.filter(({ kind }) => kind !== 'counted'));
    const distance = builder.depthOf(to);
    return builder.delegated(TRY, signature, () => body(builder, results, depth), distance);
  }
  return builder.inside(TRY, signature, { kind: 'block', types: results }, () => {
    body(builder, results, depth);
    const place = labels.length - 1;
    const caught: Label = { kind: 'catch', types: results };
    const handler = (params: readonly ValueType[]): undefined => {
      labels[place] = caught;
      builder.drop(params);
      builder.statements(random.below(2), depth - 1);
      if (random.once(5)) {
        const around = labels.filter(({ kind }) => kind === 'catch');
        return builder.code.throwOp([0x09, ...u(builder.depthOf(random.pick(around)))], THROW);
      }
      return builder.values(results, depth - 1);
    };
    for (const tag of plan.tags.keys()) {
      if (random.once(2)) continue;
      builder.op([0x07, ...u(tag)], FREE);
      handler(plan.tags[tag]!.params);
    }
    if (random.once(2)) {
      builder.op(0x19, FREE);
      handler([]);
    }
    return undefined;
  });
}

/** One clause leads to a block of its own, others to whatever label carries the same, loops too. */
function tables(builder: Builder, results: readonly ValueType[], depth: number): undefined {
  const { random, plan, labels } = builder;
  const tag = random.below(plan.tags.length);
  const all = random.once(3);
  const withReference = random.once(3);
  const carried: ValueType[] = [...(all ? [] : plan.tags[tag]!.params), ...(withReference ? ['exnref' as const] : [])];
  const own: Label = { kind: 'block', types: carried };
  const way: Label = { kind: 'block', types: results };
  return builder.inside(BLOCK, { params: [], results }, way, () => {
    builder.inside(BLOCK, { params: [], results: carried }, own, () => {
      const clauses = plan.tags.flatMap(({ params }, other) => {
        const fitting = labels.filter(({ kind, types }) => kind !== 'counted' && types.join() === params.join());
        return fitting.length > 0 && random.once(3)
          ? [[0, ...u(other), ...u(builder.depthOf(random.pick(fitting)))]]
          : [];
      });
      const kind = (all ? 2 : 0) + (withReference ? 1 : 0);
      clauses.splice(random.below(clauses.length + 1), 0, [kind, ...(all ? [] : u(tag)), ...u(builder.depthOf(own))]);
      const head = [...u(clauses.length), ...clauses.flat()];
      const inner: Label = { kind: 'block', types: results };
      const fill = (): undefined => body(builder, results, depth);
      builder.inside(TRY_TABLE, { params: [], results }, inner, fill, head);
      return builder.indexed(0x0c, builder.depthOf(way));
    });
    if (withReference) {
      if (random.once(4)) builder.code.throwOp([0x0a], THROW);
      else if (random.once(2)) builder.indexed(0x21, builder.local('exnref')!);
      else builder.op(0x1a);
    }
    builder.drop(carried.slice(withReference ? 1 : 0));
    if (random.once(4)) branch(builder, 1);
    return builder.values(results, depth - 1);
  });
}
