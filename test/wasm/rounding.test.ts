import { describe, expect, it } from 'vitest';
import wabt from 'wabt';
import { compileKernels } from '../../bench/kernels.ts';
import { ROUNDED, rewrite, TO_THE_UNIT } from '../../runtime/wasm/index.ts';
import { Random } from '../fuzz/random.ts';
import { fromWat } from './fixture.ts';
import { parseFlatText } from './flat-text.ts';
import { FuelHost } from './fuel-host.ts';
import { createLevelText } from './level-text.ts';
import { countByTable } from './reference-fuel.ts';

const { readWasm } = await wabt();

interface Counted {
  readonly run: CallableFunction;
  readonly count: WebAssembly.Global;
}

function referenceOf(wasm: Uint8Array): Counted {
  const text = readWasm(wasm, {}).toText({ foldExprs: false, inlineExport: false });
  const counted = fromWat(countByTable(parseFlatText(text)));
  return new WebAssembly.Instance(new WebAssembly.Module(counted as BufferSource), {}).exports as unknown as Counted;
}

/** Runs a module with each argument in several slices, and holds its fuel against the cost table. */
function compareWithTable(wasm: Uint8Array, values: readonly number[]): void {
  const { run, count } = referenceOf(wasm);
  const { code, shape } = rewrite(wasm);
  const hosts = [1000, 2 ** 26].map((slice) => new FuelHost(code, shape, { slice }));
  for (const value of values) {
    count.value = 0n;
    const result = run(value);
    for (const host of hosts) {
      const before = host.used;
      expect(host.call('run', value)).toBe(result);
      expect(host.used - before, 'fuel by the cost table').toBe(Number(count.value));
    }
  }
}

it('counts what the cost table says of the programs of the bench', { timeout: 60_000 }, async () => {
  for (const { wasm } of await compileKernels()) compareWithTable(wasm, [0, 1, 5]);
});

it('counts what the cost table says of random programs with small arms, skips and leaves', () => {
  for (let seed = 1; seed <= 150; seed++) compareWithTable(fromWat(createLevelText(new Random(seed))), [0, 1, 6, -1]);
});

describe('rounding', () => {
  const fuelOf = (wat: string, rounding = ROUNDED): number => {
    const { code, shape } = rewrite(fromWat(wat), rounding);
    const host = new FuelHost(code, shape, { slice: 1000 });
    host.call('run', 0);
    return host.used;
  };

  it('charges the dearer arm of an if whose arms differ by eight at the most', () => {
    const wat = (nops: number): string =>
      `(module (func (export "run") (param i32) local.get 0 if ${'i32.const 1 drop '.repeat(nops)} end))`;
    expect(fuelOf(wat(4))).toBe(fuelOf(wat(4), TO_THE_UNIT) + 8);
    expect(fuelOf(wat(5))).toBe(fuelOf(wat(5), TO_THE_UNIT));
  });

  it('charges a small leaf for its dearest way, and a call through a table for the dearest leaf of its type', () => {
    const wat = `(module (type $t (func (param i32))) (table funcref (elem $leaf))
      (func $leaf (param i32) block local.get 0 i32.eqz br_if 0 ${'i32.const 1 drop '.repeat(10)} end)
      (func (export "run") (param i32) local.get 0 i32.const 0 call_indirect (type $t)))`;
    expect(fuelOf(wat, TO_THE_UNIT)).toBe(3 + 3);
    expect(fuelOf(wat)).toBe(3 + 23);
  });

  it('lets functions that the host may enter count themselves', () => {
    const wat = '(module (func (export "run") (param i32) local.get 0 if i32.const 1 drop end))';
    expect(fuelOf(wat)).toBe(4);
  });
});
