import { expect, it } from 'vitest';
import { rewrite } from '../../runtime/wasm/index.ts';
import { fromWat } from './fixture.ts';
import { FuelHost } from './fuel-host.ts';

const STEPS = [1, -1, 2, -2, 3, -3, 4, 5, -7, 8, 16, -24, 28, 100, -2147483648];
const COMPARES = ['i32.ne', 'i32.lt_s', 'i32.lt_u', 'i32.gt_s', 'i32.gt_u', undefined] as const;
const EDGES = [0, 1, 2, 5, 24, 1000, -1, -3, -1000, 2147483647, -2147483648, -2147483600];
const MOST_TURNS = 300;

const FREE = new Set(['block', 'loop', 'else', 'end', 'nop']);

/** What one execution costs, from the instruction's name alone. */
function weightOf(text: string): number {
  return FREE.has(text.split(' ')[0]!) ? 0 : 1;
}

type Shape = 'bound behind' | 'bound before' | 'constant bound';

/** One loop in flat text; f(i, n, stop) leaves early when the sum of i reaches stop. */
function loopLines(
  step: number,
  compare: string | undefined,
  shape: Shape,
  leaves: 'leaves early' | 'stays',
): string[] {
  const bound = shape === 'constant bound' ? 'i32.const 24' : 'local.get 1';
  const update = ['local.get 0', `i32.const ${step}`, 'i32.add', 'local.tee 0'];
  const end =
    compare === undefined
      ? update
      : shape === 'bound before'
        ? [bound, ...update, compare]
        : [...update, bound, compare];
  const early = ['local.get 3', 'local.get 2', 'i32.eq', 'br_if $out'];
  return [
    'block $out',
    'loop $l',
    'local.get 3',
    'local.get 0',
    'i32.add',
    'local.set 3',
    ...(leaves === 'leaves early' ? early : []),
    ...end,
    'br_if $l',
    'end',
    'i32.const 7',
    'local.set 4',
    'end',
    'local.get 3',
    'local.get 4',
    'i32.add',
  ];
}

const toWat = (lines: readonly string[]): string =>
  `(module (global (export "i") (mut i32) (i32.const 0)) (global $count (export "count") (mut i64) (i64.const 0))
  (func (export "f") (param i32 i32 i32) (result i32) (local i32 i32)\n${lines.join('\n')}\n))`;

const counting = (line: string): string =>
  weightOf(line) === 0 ? line : `global.get $count\ni64.const ${weightOf(line)}\ni64.add\nglobal.set $count\n${line}`;

/** Turns the loop makes, up to MOST_TURNS. */
function turns(step: number, compare: string | undefined, shape: Shape, first: number, bound: number): number {
  let index = first;
  for (let turn = 1; turn <= MOST_TURNS; turn++) {
    index = (index + step) | 0;
    const unsigned = compare?.endsWith('_u');
    const sides = unsigned ? [index >>> 0, bound >>> 0] : [index, bound];
    const [a, b] = (shape === 'bound before' ? sides.reverse() : sides) as [number, number];
    const again =
      compare === undefined ? index !== 0 : compare === 'i32.ne' ? a !== b : compare.includes('lt') ? a < b : a > b;
    if (!again) return turn;
  }
  return Number.POSITIVE_INFINITY;
}

it.each(['bound behind', 'bound before', 'constant bound'] as const)(
  'counted loops (%s) end where they did and cost the same',
  (shape) => {
    let compared = 0;
    for (const step of STEPS) {
      for (const compare of COMPARES) {
        for (const leaves of ['leaves early', 'stays'] as const) {
          const lines = loopLines(step, compare, shape, leaves);
          const { code, shape: module } = rewrite(fromWat(toWat(lines)));
          const original = new WebAssembly.Instance(
            new WebAssembly.Module(fromWat(toWat(lines.map(counting))) as BufferSource),
          );
          const { f, count } = original.exports as { f: CallableFunction; count: WebAssembly.Global };
          const hosts = [7, 211, 1 << 29].map((slice) => new FuelHost(code, module, { slice }));
          for (const first of EDGES) {
            for (const limit of EDGES) {
              const bound = shape === 'constant bound' ? 24 : limit;
              if (turns(step, compare, shape, first, bound) > MOST_TURNS) continue;
              for (const stop of [first, (3 * first + 3 * step) | 0]) {
                count.value = 0n;
                const expected = f(first, bound, stop);
                for (const host of hosts) {
                  const before = host.used;
                  const result = host.call('f', first, bound, stop);
                  const fuel = host.used - before;
                  if (result === expected && fuel === Number(count.value)) continue;
                  expect({ step, compare, leaves, first, bound, stop, result, fuel }).toEqual({
                    result: expected,
                    fuel: count.value,
                  });
                }
                compared++;
              }
            }
          }
        }
      }
    }
    expect(compared).toBeGreaterThan(1000);
  },
);
