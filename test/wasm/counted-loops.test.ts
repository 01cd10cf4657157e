import { expect, it } from 'vitest';
import { rewrite } from '../../runtime/wasm/index.ts';
import { fromWat } from './fixture.ts';
import { FuelHost } from './fuel-host.ts';
import { COMPARES, counting, type LoopPlan, loopLines, toWat, turnsOf } from './loop-text.ts';

const STEPS = [1, -1, 2, -2, 3, -7, 4, 16, -24, 100, 65_536, -2147483648];
const EDGES = [0, 1, 2, 5, 24, 1000, -1, -3, 2147483647, -2147483648, -2147483600];
const MOST_TURNS = 1200;
const SLICES = [7, 211, 1 << 29];

/** Compares results and fuel of a loop with those of the same text that counts itself. Answers how many runs it compared. */
function compareRuns(plan: LoopPlan, firsts: readonly number[], limits: readonly number[]): number {
  const lines = loopLines(plan);
  const { code, shape } = rewrite(fromWat(toWat(lines)));
  const counted = new WebAssembly.Module(fromWat(toWat(lines.map(counting))) as BufferSource);
  const { f, count } = new WebAssembly.Instance(counted).exports as { f: CallableFunction; count: WebAssembly.Global };
  const hosts = SLICES.map((slice) => new FuelHost(code, shape, { slice }));
  let compared = 0;
  for (const first of firsts) {
    for (const limit of limits) {
      if (turnsOf(plan, plan.first ?? first, limit, MOST_TURNS) > MOST_TURNS) continue;
      for (const stop of [first, (3 * first + 3 * plan.step) | 0]) {
        count.value = 0n;
        const expected = { result: f(first, limit, stop), fuel: Number(count.value) };
        for (const host of hosts) {
          const before = host.used;
          const result = host.call('f', first, limit, stop);
          const actual = { result, fuel: host.used - before };
          if (actual.result !== expected.result || actual.fuel !== expected.fuel)
            expect({ plan, first, limit, stop, ...actual }).toEqual({ plan, first, limit, stop, ...expected });
        }
        compared++;
      }
    }
  }
  return compared;
}

it.each(['behind', 'if', 'branch'] as const)('counted loops (%s) end where they did and cost the same', (form) => {
  let compared = 0;
  for (const step of STEPS) {
    for (const compare of [...COMPARES, undefined]) {
      for (const [leaves, update] of [
        ['never', 'add'],
        ['by br_if', 'sub'],
        ['by br', 'old value kept'],
      ] as const) {
        const operands = step % 2 === 0 ? 'bound before' : 'bound behind';
        for (const bound of ['parameter', 24] as const) {
          const limits = bound === 'parameter' ? EDGES : [0];
          compared += compareRuns({ form, step, compare, operands, bound, leaves, update }, EDGES, limits);
        }
      }
    }
  }
  expect(compared).toBeGreaterThan(3000);
});

it.each(['behind', 'if', 'branch'] as const)('loops that always turn as often (%s) cost the same', (form) => {
  let compared = 0;
  for (const first of [0, 1, -5, 23, 24, 25]) {
    for (const step of [1, 3, -1, 8]) {
      for (const compare of COMPARES) {
        const plan = { form, step, compare, first, bound: 24, leaves: 'never', update: 'add' } as const;
        compared += compareRuns({ ...plan, operands: 'bound behind' }, [0], [0]);
        const inside = [
          ...['i32.const 0', 'local.set 6', 'loop $k', 'local.get 6', 'i32.const 5', 'i32.lt_s', 'if'],
          ...['local.get 6', 'i32.const 2', 'i32.add', 'local.set 6', 'br $k', 'end', 'end'],
        ];
        compared += compareRuns({ ...plan, operands: 'bound before', inside }, [0], [0]);
      }
    }
  }
  expect(compared).toBeGreaterThan(100);
});

it('counts loops inside of counted loops', () => {
  const inside = [
    ...[
      'local.get 0',
      'i32.const 7',
      'i32.and',
      'local.set 6',
      'loop $k',
      'local.get 3',
      'local.get 6',
      'i32.add',
      'local.set 3',
    ],
    ...['local.get 6', 'i32.const 1', 'i32.add', 'local.tee 6', 'i32.const 9', 'i32.lt_s', 'br_if $k', 'end'],
  ];
  for (const form of ['behind', 'if', 'branch'] as const) {
    const plan = { form, step: 1, compare: 'i32.lt_s', bound: 'parameter', leaves: 'by br_if', inside } as const;
    expect(compareRuns({ ...plan, operands: 'bound behind', update: 'add' }, EDGES, EDGES)).toBeGreaterThan(50);
  }
});

it.each(['i32', 'i64'] as const)('charges loops of unknown length by what they count (%s)', (width) => {
  const zero = width === 'i64' ? 'i32.wrap_i64' : 'nop';
  const lines = [
    ...[
      'loop $l',
      'local.get 3',
      'local.get 1',
      'i32.lt_s',
      'if',
      'local.get 3',
      'local.get 2',
      'i32.add',
      'local.set 3',
    ],
    ...[`local.get $i`, `${width}.const 1`, `${width}.add`, `local.set $i`, 'br $l', 'end', 'end'],
    ...['local.get $i', zero, 'local.get 3', 'i32.add'],
  ];
  const wat = (text: readonly string[]): string =>
    `(module (global $count (export "count") (mut i64) (i64.const 0))
    (func (export "f") (param i32 i32 i32) (result i32) (local i32) (local $i ${width})
    local.get 0 ${width === 'i64' ? 'i64.extend_i32_s' : ''} local.set $i\n${text.join('\n')}\n))`;
  const { code, shape } = rewrite(fromWat(wat(lines)));
  const counted = new WebAssembly.Module(fromWat(wat(lines.map(counting))) as BufferSource);
  const { f, count } = new WebAssembly.Instance(counted).exports as { f: CallableFunction; count: WebAssembly.Global };
  const hosts = SLICES.map((slice) => new FuelHost(code, shape, { slice }));
  const before = width === 'i64' ? 3 : 2;
  for (const first of EDGES) {
    for (const limit of [0, 1, 2, 499, 511, 512, 513, 1024, 5000, 20_000]) {
      count.value = 0n;
      const expected = f(first, limit, 1);
      for (const host of hosts) {
        const used = host.used;
        expect(host.call('f', first, limit, 1)).toBe(expected);
        expect(host.used - used).toBe(Number(count.value) + before);
      }
    }
  }
});
