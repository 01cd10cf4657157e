import { expect } from 'vitest';
import { rewrite } from '../../runtime/wasm/index.ts';
import { FuelHost } from './fuel-host.ts';

const VALUES = [0, 1, 2, 5, 100, 300_000, 4_000_000, -1];

/** Expects a module to do rewritten, in any slices, what it does as it is, and to burn the same fuel in all of them. */
export function expectUnchanged(input: Uint8Array): void {
  const original = new WebAssembly.Instance(new WebAssembly.Module(input as BufferSource)).exports;
  const names = Object.keys(original).sort();
  const expected = run(original, names);
  const { code, shape } = rewrite(input);
  const fuel = [1, 37, 1_000_000].map((slice) => {
    const host = new FuelHost(code, shape, { slice });
    const used: number[] = [];
    const actual = run(host.instance.exports, names, (how) => {
      if (how === 'ended') used.push(host.used);
      host.begin();
    });
    expect(actual.length).toBe(expected.length);
    for (const [index, entry] of actual.entries()) expect(entry).toStrictEqual(expected[index]);
    return used;
  });
  expect(Math.max(...fuel[0]!)).toBeGreaterThan(0);
  for (const used of fuel) expect(used, 'fuel of every call that does not trap').toEqual(fuel[0]);
}

/** All calls of all exported functions in order, with what each gave and left behind. */
function run(
  exports: WebAssembly.Exports,
  names: readonly string[],
  onCall?: (how: 'ended' | 'trapped') => void,
): unknown[] {
  const log: unknown[] = [];
  for (const value of VALUES) {
    for (const name of names) {
      const target = exports[name];
      if (typeof target === 'function') {
        let how: 'ended' | 'trapped' = 'ended';
        try {
          log.push([name, value, target(...Array.from({ length: target.length }, () => value))]);
        } catch (error) {
          log.push([name, value, String(error)]);
          if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) how = 'trapped';
        }
        onCall?.(how);
      } else if (target instanceof WebAssembly.Memory) {
        const bytes = new Uint8Array(target.buffer);
        log.push([bytes.length, Buffer.from(bytes).toString('latin1')]);
      } else if (target instanceof WebAssembly.Global) {
        log.push([name, target.value]);
      }
    }
  }
  return log;
}
