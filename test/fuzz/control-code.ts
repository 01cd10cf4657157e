import type { Builder, Label } from './builder.ts';
import { u } from './bytes.ts';
import { callFor } from './call-code.ts';
import { NUMBERS, type Signature, type ValueType } from './types.ts';

const BLOCK = 0x02;
const LOOP = 0x03;
const IF = 0x04;

/** Takes one of the steps that a call has; what follows runs when none is left, or it traps. */
function takeStep(builder: Builder, none: () => undefined): undefined {
  const steps = builder.globalNamed('steps');
  builder.indexed(0x23, steps);
  builder.i32(1);
  builder.op(0x6b);
  builder.indexed(0x24, steps);
  builder.indexed(0x23, steps);
  builder.i32(0);
  builder.op(0x4c);
  return none();
}

function conditional(builder: Builder, then: () => undefined): undefined {
  const label: Label = { kind: 'block', types: [] };
  return builder.inside(IF, { params: [], results: [] }, label, then);
}

/** Begins every function that is no leaf, so that recursion ends. */
export function enter(builder: Builder): undefined {
  return takeStep(builder, () =>
    conditional(builder, () => {
      if (builder.random.once(30)) return builder.op(0x00);
      for (const type of builder.signature.results) builder.zero(type);
      return builder.op(0x0f);
    }),
  );
}

/** A block, or an if with both arms, that leaves values. */
export function valuedBlock(builder: Builder, results: readonly ValueType[], depth: number): undefined {
  const { random } = builder;
  const label: Label = { kind: 'block', types: results };
  const params = random.once(4) ? random.list(2, () => random.pick(NUMBERS)) : [];
  builder.values(params, depth - 1);
  const arm = (): undefined => {
    builder.drop(params);
    builder.statements(random.below(2), depth - 1);
    return builder.values(results, depth - 1);
  };
  if (random.once(2)) return builder.inside(BLOCK, { params, results }, label, arm);
  builder.value('i32', depth - 1);
  return builder.inside(IF, { params, results }, label, () => {
    arm();
    builder.op(0x05, 0);
    return arm();
  });
}

/** A loop that ends because it takes steps: left through a block around it, or by a branch not taken. */
export function steppedLoop(builder: Builder, results: readonly ValueType[], depth: number): undefined {
  const { random } = builder;
  const params = random.once(3) ? random.list(2, () => random.pick(NUMBERS)) : [];
  const way: Label = { kind: 'block', types: results };
  return builder.inside(BLOCK, { params: [], results }, way, () => {
    builder.values(params, depth - 1);
    const loop: Label = { kind: 'loop', types: params };
    return builder.inside(LOOP, { params, results }, loop, () => {
      if (random.once(40)) takeStep(builder, () => conditional(builder, () => builder.op(0x00)));
      else {
        takeStep(builder, () =>
          conditional(builder, () => {
            for (const type of results) builder.zero(type);
            return builder.indexed(0x0c, builder.depthOf(way));
          }),
        );
      }
      builder.drop(params);
      builder.statements(1 + random.below(3), depth - 1);
      builder.values(params, depth - 1);
      if (random.once(6)) return builder.indexed(0x0c, builder.depthOf(loop));
      builder.value('i32', depth - 1);
      builder.i32(3);
      builder.op(0x71);
      builder.indexed(0x0d, builder.depthOf(loop));
      builder.drop(params);
      return builder.values(results, depth - 1);
    });
  });
}

/** The shape compilers give to counted loops: nothing in it but its own counting bounds it. */
export function countedLoop(builder: Builder, depth: number): undefined {
  const { random } = builder;
  const counter = builder.local('i32');
  if (counter === undefined || builder.countedLoops > 1) return builder.op(0x01, 0);
  const step = random.pick([1, 1, 2, 4, -1, -3]);
  const turns = 1 + random.below(builder.countedLoops > 0 ? 5 : 40);
  const from = random.pick([0, 1, -20, 1000]);
  const to = random.once(3) ? 0 : from + step * turns;
  const start = to === 0 ? -step * turns : from;
  const [subtracts, afterwards, mirrored] = [random.once(2), random.once(3), random.once(2)];
  const compares = to !== 0 || random.once(2);
  const limit = random.once(3) ? builder.local('i32', counter) : undefined;
  const bound = (): undefined => (limit === undefined ? builder.i32(to) : builder.indexed(0x20, limit));
  if (limit !== undefined) {
    builder.i32(to);
    builder.indexed(0x21, limit);
    builder.frozen.add(limit);
  }
  builder.i32(start);
  builder.indexed(0x21, counter);
  builder.countedLoops++;
  builder.inside(LOOP, { params: [], results: [] }, { kind: 'counted', types: [] }, () => {
    builder.frozen.add(counter);
    builder.statements(random.below(3), depth - 1);
    if (random.once(4)) branch(builder, 0, 'outwards');
    builder.frozen.delete(counter);
    builder.indexed(0x20, counter);
    builder.i32(subtracts ? -step : step);
    builder.op(subtracts ? 0x6b : 0x6a);
    if (afterwards) {
      builder.indexed(0x21, counter);
      if (mirrored && compares) bound();
      builder.indexed(0x20, counter);
    } else builder.indexed(0x22, counter);
    if (compares) {
      if (!mirrored || !afterwards) bound();
      const less = mirrored && afterwards ? 0x4a : 0x48;
      const more = mirrored && afterwards ? 0x48 : 0x4a;
      builder.op(random.pick([step > 0 ? less : more, 0x47]));
    }
    return builder.indexed(0x0d, 0);
  });
  builder.countedLoops--;
  if (limit !== undefined) builder.frozen.delete(limit);
  return undefined;
}

/** Branches of every kind. `outwards`: on a condition that rarely holds, so that code behind it lives. */
export function branch(builder: Builder, depth: number, how: 'any' | 'outwards' = 'any'): undefined {
  const { random, labels } = builder;
  const targets = labels.filter(({ kind }) => kind !== 'counted' && kind !== 'function');
  const target = random.pick(random.once(5) || targets.length === 0 ? [labels[0]!] : targets);
  if (how === 'any' && !builder.leaf && random.once(8) && callFor(builder, builder.signature.results, 'tail')) return;
  builder.values(target.types, depth - 1);
  const kind = how === 'outwards' ? 3 : random.below(5);
  if (kind === 0) {
    if (target === labels[0] && random.once(2)) return builder.op(0x0f);
    return builder.indexed(0x0c, builder.depthOf(target));
  }
  builder.value('i32', 1);
  if (kind === 1) {
    const same = labels.filter((at) => at.kind !== 'counted' && at.types.join() === target.types.join());
    const list = random.list(random.once(20) ? 60 : 4, () => u(builder.depthOf(random.pick(same))));
    return builder.op([0x0e, ...u(list.length), ...list.flat(), ...u(builder.depthOf(target))]);
  }
  if (kind === 3) {
    builder.i32(7);
    builder.op(0x71);
    builder.op(0x45);
  }
  builder.indexed(0x0d, builder.depthOf(target));
  return builder.drop(target.types);
}

/** A block with a branch in it, and code behind the branch that may be dead. */
export function branchingBlock(builder: Builder, depth: number): undefined {
  const { random } = builder;
  const signature: Signature = {
    params: [],
    results: random.once(3) ? random.list(2, () => random.pick(NUMBERS)) : [],
  };
  const label: Label = { kind: 'block', types: signature.results };
  builder.inside(BLOCK, signature, label, () => {
    builder.statements(random.below(2), depth - 1);
    branch(builder, depth);
    if (random.once(2)) builder.statements(1, depth - 1);
    return builder.values(signature.results, depth - 1);
  });
  return builder.drop(signature.results);
}

/** Blocks in blocks and a br_table into them, as a switch compiles. */
export function switched(builder: Builder, depth: number): undefined {
  const cases = 1 + builder.random.below(5);
  const open = (left: number): undefined => {
    if (left === 0) {
      builder.value('i32', 1);
      builder.i32(7);
      builder.op(0x71);
      const list = Array.from({ length: cases }, (_, at) => u(at));
      return builder.op([0x0e, ...u(cases - 1), ...list.flat()]);
    }
    builder.inside(BLOCK, { params: [], results: [] }, { kind: 'block', types: [] }, () => open(left - 1));
    builder.statements(builder.random.below(2), depth - 1);
    if (builder.random.once(2) && builder.labels.at(-1)?.kind === 'block' && builder.labels.at(-1)!.types.length === 0)
      builder.indexed(0x0c, 0);
    return undefined;
  };
  return builder.inside(BLOCK, { params: [], results: [] }, { kind: 'block', types: [] }, () => open(cases));
}

export function ifStatement(builder: Builder, depth: number): undefined {
  const { random } = builder;
  builder.value('i32', depth - 1);
  return builder.inside(IF, { params: [], results: [] }, { kind: 'block', types: [] }, () => {
    builder.statements(1 + random.below(2), depth - 1);
    if (random.once(2)) return undefined;
    builder.op(0x05, 0);
    return builder.statements(1 + random.below(2), depth - 1);
  });
}

/** A run of plain instructions so long that one charge for all of it would be too much. */
export function longRun(builder: Builder): undefined {
  const local = builder.local('i32');
  if (local === undefined) return builder.op(0x01, 0);
  const { room } = builder;
  builder.indexed(0x20, local);
  for (let left = 3000 + builder.random.below(2000); left > 0; left--) {
    builder.i32(left & 63);
    builder.op(0x6a);
  }
  builder.indexed(0x21, local);
  builder.room = room;
  return undefined;
}
