import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toBits } from './numbers.ts';

const view = new DataView(new ArrayBuffer(8));

function bitsOf(value: number): bigint {
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

it('reads decimals as JavaScript does', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(toBits('f64', Object.is(value, -0) ? '-0' : String(value))).toBe(bitsOf(value));
    }),
  );
});

it('rounds once, to nearest, ties to even', () => {
  expect(toBits('f32', '0x1.000001p0')).toBe(0x3f80_0000n);
  expect(toBits('f32', '0x1.000003p0')).toBe(0x3f80_0002n);
  expect(toBits('f32', '0x1.00000100000000001p0')).toBe(0x3f80_0001n);
  expect(toBits('f32', '0x1p-150')).toBe(0n);
  expect(toBits('f32', '0x1.8p-150')).toBe(1n);
  expect(toBits('f32', '-0x1.fffffffp127')).toBe(0xff80_0000n);
  expect(toBits('f64', '4.94065645841246544e-324')).toBe(1n);
});

it('keeps the payload of a NaN', () => {
  expect(toBits('f32', '-nan:0x1')).toBe(0xff80_0001n);
  expect(toBits('f64', 'nan')).toBe(0x7ff8_0000_0000_0000n);
});
