import { expect, it } from 'vitest';
import { rewrite } from '../../runtime/wasm/index.ts';
import { signed, toModule } from '../support/module-bytes.ts';
import { isLacking, LACKING } from './fixture.ts';
import { FuelHost } from './fuel-host.ts';
import { expectUnchanged } from './unchanged.ts';

const I32 = 0x7f;
const FUNCREF = 0x70;
const END = 0x0b;
const WIDE = 4;
const i32 = (value: number): number[] => [0x41, ...signed(value)];
const i64 = (value: number): number[] => [0x42, ...signed(value)];
const ADD = 0x6a;
/** Local 0 as an index: of 64 bits. */
const AT = [0x20, 0, 0xad];
const WRAP = 0xa7;
const NULL = [0xd0, FUNCREF];

/** Table 0 has 64-bit indices and holds function 0; table 1 has 32-bit ones. Type 0: (i32) -> i32. */
function tables(): Uint8Array {
  const unary = (name: string, ...code: number[]) => ({ type: 0, name, code });
  return toModule({
    types: [[0x60, 1, I32, 1, I32]],
    tables: [
      [FUNCREF, WIDE | 1, 10, 60],
      [FUNCREF, 1, 10, 60],
    ],
    functions: [
      unary('plus', 0x20, 0, ...i32(3), ADD),
      unary('call', 0x20, 0, ...AT, 0x11, 0, 0),
      unary('tailCall', 0x20, 0, ...AT, 0x13, 0, 0),
      unary('get', ...AT, 0x25, 0, 0xd1),
      unary('set', ...AT, 0xd2, 0, 0x26, 0, ...i32(1)),
      unary('size', 0xfc, 16, 0, WRAP),
      unary('grow', ...NULL, ...AT, 0xfc, 15, 0, WRAP),
      unary('growFar', ...NULL, ...AT, ...i64(33), 0x86, ...i64(7), 0x84, 0xfc, 15, 0, WRAP),
      unary('fill', ...i64(2), 0xd2, 0, ...AT, 0xfc, 17, 0, ...i32(1)),
      unary('copy', ...i64(1), ...i64(4), ...AT, 0xfc, 14, 0, 0, ...i32(1)),
      unary('copyOut', ...i32(1), ...i64(4), 0x20, 0, 0xfc, 14, 1, 0, ...i32(1)),
      unary('copyIn', ...i64(1), ...i32(4), 0x20, 0, 0xfc, 14, 0, 1, ...i32(1)),
      unary('init', ...i64(4), ...i32(0), 0x20, 0, 0xfc, 12, 1, 0, ...i32(1)),
    ],
    elements: [
      [0, ...i64(1), END, 2, 0, 1],
      [1, 0, 3, 0, 0, 1],
    ],
  });
}

it('tables with 64-bit indices do what they did, in any slices', ({ skip }) => {
  const input = tables();
  if (isLacking(input)) skip(LACKING);
  expectUnchanged(input);
});

it('tables with 64-bit indices are bounded as others are', ({ skip }) => {
  const input = toModule({
    types: [[0x60, 1, I32, 1, I32]],
    tables: [[FUNCREF, WIDE, 10]],
    functions: [{ type: 0, name: 'grow', code: [...NULL, ...AT, 0xfc, 15, 0, WRAP] }],
  });
  if (isLacking(input)) skip(LACKING);
  const { code, shape } = rewrite(input);
  const host = new FuelHost(code, shape, { slice: 1000 });
  expect(host.call('grow', 999_990)).toBe(10);
  expect(host.call('grow', 1)).toBe(-1);
});
