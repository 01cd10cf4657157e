import { expect, it } from 'vitest';
import { AdaptiveSliceLength } from '../../runtime/isolate/slice-length.ts';
import { rewrite } from '../../runtime/wasm/index.ts';
import { fixtureNames, fromWat, isLacking, LACKING, readFixture } from './fixture.ts';
import { FuelHost, type FuelPlan } from './fuel-host.ts';

const PLANS: readonly FuelPlan[] = [
  ...[1, 37, 1000, 50_000, 1_000_000].map((slice) => ({ slice })),
  { slice: new AdaptiveSliceLength() },
];
const ARGUMENTS = [0, 1, 5, 5000, -1];

/** How every call of every export ends and what it costs, each counted anew in an instance of its own after a failure. */
function endings(input: Uint8Array, plan: FuelPlan, budgetOf?: (fuel: number) => number): unknown[] {
  const { code, shape } = rewrite(input);
  const names = WebAssembly.Module.exports(new WebAssembly.Module(input as BufferSource))
    .filter(({ kind }) => kind === 'function')
    .map(({ name }) => name);
  return names.flatMap((name) =>
    ARGUMENTS.map((argument) => {
      const run = (budget: number): { how: string; used: number; stopped: boolean } => {
        const host = new FuelHost(code, shape, { ...plan, budget });
        host.begin();
        const target = host.exported(name) as CallableFunction;
        let how = 'returned';
        try {
          target(...Array.from({ length: target.length }, () => argument));
        } catch (error) {
          how = error instanceof TypeError ? 'not called' : String(error);
          if (error instanceof RangeError) return { how, used: 0, stopped: false };
        }
        return { how, used: host.used, stopped: host.stopped };
      };
      const free = run(MOST_FUEL);
      return budgetOf ? [name, argument, run(budgetOf(free.used))] : [name, argument, free];
    }),
  );
}

const MOST_FUEL = 200_000;

const BUDGETS: readonly (readonly [string, (fuel: number) => number])[] = [
  ['none', () => 0],
  ['a third', (fuel) => Math.floor(fuel / 3)],
  ['a unit too little', (fuel) => Math.max(0, fuel - 1)],
  ['just enough', (fuel) => fuel],
];

it.for(fixtureNames('feature'))('calls of %s cost the same in any slices, trapping or not', (name, { skip }) => {
  const input = readFixture('feature', name);
  if (isLacking(input)) skip(LACKING);
  const expected = endings(input, PLANS[0]!);
  for (const plan of PLANS) expect(endings(input, plan)).toEqual(expected);
});

/** Loops that count in a local, and end by a trap in the middle of their turns. */
const TRAPPING = `(module (memory 1) (tag $t)
  (func $callee (param i32) (result i32) (local $i i32)
    (loop $l (local.set $i (i32.add (local.get $i) (i32.const 1))) (br_if $l (i32.lt_u (local.get $i) (local.get 0))))
    (local.get $i))
  (func (export "division") (param $n i32) (result i32) (local $sum i32)
    (loop $l (result i32)
      (local.set $sum (i32.add (local.get $sum) (i32.div_u (i32.const 1000) (local.get $n))))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (if (i32.eqz (local.get $sum)) (then (br $l)))
      (br $l)))
  (func (export "counted") (param $n i32) (local $i i32)
    (loop $l
      (drop (i32.div_u (i32.const 1) (i32.sub (i32.const 4000) (local.get $i))))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n)))))
  (func (export "second-loop") (param $n i32) (local $i i32)
    (loop $l (local.set $i (i32.add (local.get $i) (i32.const 1))) (br_if $l (i32.lt_u (local.get $i) (local.get $n))))
    (loop $m
      (local.set $i (i32.load (i32.mul (local.get $i) (i32.const 64))))
      (local.set $i (i32.add (local.get $n) (i32.const 100)))
      (br $m)))
  (func (export "after-calls") (param $n i32) (local $i i32)
    (loop $l
      (if (i32.and (local.get $i) (i32.const 1)) (then (drop (call $callee (local.get $n)))))
      (if (i32.gt_u (local.get $i) (i32.const 50)) (then (unreachable)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $l)))
  (func (export "thrown") (param $n i32) (local $i i32)
    (loop $l
      (if (i32.gt_u (local.get $i) (local.get $n)) (then (throw $t)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $l)))
  (func (export "caught-then-trapped") (param $n i32) (local $i i32)
    (loop $o
      (try (do (loop $l
          (if (i32.gt_u (local.get $i) (local.get $n)) (then (throw $t)))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $l)))
        (catch $t))
      (loop $m
        (local.set $i (i32.div_s (local.get $i) (i32.sub (local.get $i) (local.get $i))))
        (br $m))))
)`;

it('loops that trap in the middle cost the same in any slices, and end on any budget at the same unit', () => {
  const input = fromWat(TRAPPING);
  const expected = endings(input, PLANS[0]!);
  expect(new Set(expected.map((ending) => String((ending as { how: string }[])[2]?.how))).size).toBeGreaterThan(4);
  for (const plan of PLANS) expect(endings(input, plan)).toEqual(expected);
  for (const [, budgetOf] of BUDGETS) {
    const cut = endings(input, PLANS[0]!, budgetOf);
    for (const plan of PLANS) expect(endings(input, plan, budgetOf)).toEqual(cut);
  }
});
