import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { rewrite } from '../../runtime/wasm/index.ts';
import { fromWat } from './fixture.ts';
import { FuelHost } from './fuel-host.ts';
import { createRandomModule, type RandomModule, type Type } from './random-module.ts';

const SEEDS = Number(process.env.WASM_TEST_SEEDS ?? 60);
const FIRST = Number(process.env.WASM_TEST_FIRST ?? 1);
const STATE = ['g_i32', 'g_i64', 'g_f64', 'steps'];
const ARGUMENTS: Readonly<Record<Type, readonly unknown[]>> = {
  i32: [0, 1, -7, 100_000],
  i64: [0n, -1n, 99n, 1n << 40n],
  f64: [0, -1.5, 1e9, 3],
};

interface Outcome {
  readonly result: unknown;
  readonly state: readonly unknown[];
  readonly memory: string;
}

function outcome(exports: WebAssembly.Exports, call: () => unknown): Outcome {
  let result: unknown;
  try {
    result = call();
  } catch (error) {
    result = String(error);
  }
  const memory = new Uint8Array((exports.memory as WebAssembly.Memory).buffer);
  return {
    result,
    state: STATE.map((name) => (exports[name] as WebAssembly.Global).value),
    memory: `${memory.length}:${createHash('sha1').update(memory).digest('hex')}`,
  };
}

function calls({ exports }: RandomModule): { name: string; args: unknown[] }[] {
  return exports.flatMap(({ name, params }) =>
    [0, 1, 2, 3].map((round) => ({ name, args: params.map((type) => ARGUMENTS[type][round]) })),
  );
}

it('changes nothing that random programs compute, and counts exactly what they run, whatever the slice', () => {
  let finished = 0;
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    const module = createRandomModule(seed);
    const input = fromWat(module.wat);
    const { code, shape } = rewrite(input);
    const plain = new WebAssembly.Module(input as BufferSource);
    const counted = new WebAssembly.Module(fromWat(module.counted) as BufferSource);
    for (const { name, args } of calls(module)) {
      const original = new WebAssembly.Instance(plain).exports;
      const expected = outcome(original, () => (original[name] as CallableFunction)(...args));
      const oracle = new WebAssembly.Instance(counted).exports;
      outcome(oracle, () => (oracle[name] as CallableFunction)(...args));
      const weight = Number((oracle.count as WebAssembly.Global).value);
      for (const slice of [37, 1000, 1_000_000]) {
        const host = new FuelHost(code, shape, { slice });
        const actual = outcome(host.instance.exports, () => host.call(name, ...args));
        expect(actual, `seed ${seed} ${name}(${args.join()}) slice ${slice}`).toStrictEqual(expected);
        if (typeof expected.result === 'string' && expected.result.includes('Error')) continue;
        expect(host.used, `fuel of seed ${seed} ${name}(${args.join()}) slice ${slice}`).toBe(weight);
        finished++;
      }
    }
  }
  expect(finished).toBeGreaterThan(SEEDS);
});
