import { describe, expect, it } from 'vitest';
import { rewrite } from '../../runtime/wasm/index.ts';
import { isLacking, LACKING } from './fixture.ts';
import { FuelHost } from './fuel-host.ts';

const section = (id: number, ...content: number[]): number[] => [id, content.length, ...content];
const body = (...code: number[]): number[] => [code.length + 1, ...code, 0x0b];

/** Types 0: (i32) -> i32, 1: (i32, (ref null 0)) -> i32, 2: () -> (). A table of (ref 0), filled with function 0. */
function moduleOf(call: number): Uint8Array {
  const plus = body(0, 0x20, 0, 0x41, 5, 0x6a);
  const add = [1, 0x7f];
  const run = body(
    ...[1, ...add],
    ...[0x03, 0x40, 0x02, 0x40, 0x20, 1, 0xd5, 0],
    ...[0x20, 2, 0x20, 1, 0xd4, 0x14, 0, 0x21, 2, 0x1a, 0x0b],
    ...[0x02, 0x64, 0, 0x20, 1, 0xd6, 0, 0x20, 2, 0x0f, 0x0b, 0x1a],
    ...[0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b, 0x20, 2],
  );
  const reference = body(0, 0x20, 0, 0xd2, 0, 0x10, 1);
  const nothing = body(0, 0x20, 0, 0xd0, 0, 0x10, 1);
  const fromTable = body(0, 0x20, 0, 0x41, 1, 0x25, 0, 0x15, 0);
  const spin = body(0, 0xd2, 5, call, 2);
  const name = (text: string, index: number): number[] => [1, text.charCodeAt(0), 0, index];
  const bodies = [plus, run, reference, nothing, fromTable, spin];
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 3, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 2, 0x7f, 0x63, 0, 1, 0x7f, 0x60, 0, 0),
    ...section(3, 6, 0, 1, 0, 0, 0, 2),
    ...section(4, 1, 0x40, 0, 0x64, 0, 0, 3, 0xd2, 0, 0x0b),
    ...section(7, 4, ...name('a', 2), ...name('b', 3), ...name('c', 4), ...name('d', 5)),
    ...section(10, bodies.length, ...bodies.flat()),
  ]);
}

const RETURN_CALL_REF = 0x15;
const CALL_REF = 0x14;

describe('typed function references', () => {
  it('run as they were, in any slices, for the same fuel', ({ skip }) => {
    const input = moduleOf(RETURN_CALL_REF);
    if (isLacking(input)) skip(LACKING);
    const original = new WebAssembly.Instance(new WebAssembly.Module(input as BufferSource)).exports;
    const { code, shape } = rewrite(input);
    const used = [1, 37, 1_000_000].map((slice) => {
      const host = new FuelHost(code, shape, { slice });
      for (const name of ['a', 'b', 'c'])
        for (const value of [1, 2, 50])
          expect(host.call(name, value)).toBe((original[name] as CallableFunction)(value));
      return host.used;
    });
    expect(new Set(used).size).toBe(1);
  });

  it.for([RETURN_CALL_REF, CALL_REF])('called in a circle by 0x%x end on their budget', (call, { skip }) => {
    const input = moduleOf(call);
    if (isLacking(input)) skip(LACKING);
    const { code, shape } = rewrite(input);
    const host = new FuelHost(code, shape, { slice: 1000, budget: 20_000 });
    expect(() => host.call('d')).toThrow(WebAssembly.RuntimeError);
    expect(host.stopped).toBe(true);
  });
});
