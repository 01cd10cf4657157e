import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGlobals, setGlobals, takeGlobals } from '../../runtime/snapshot/index.ts';

const create = () => [
  { type: 'i32' as const, global: new WebAssembly.Global({ value: 'i32', mutable: true }, 0) },
  { type: 'i64' as const, global: new WebAssembly.Global({ value: 'i64', mutable: true }, 0n) },
  { type: 'f32' as const, global: new WebAssembly.Global({ value: 'f32', mutable: true }, 0) },
  { type: 'f64' as const, global: new WebAssembly.Global({ value: 'f64', mutable: true }, 0) },
];

describe('globals of an image', () => {
  it('come back as they were, through JSON', () => {
    fc.assert(
      fc.property(fc.integer(), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.float(), fc.double(), (a, b, c, d) => {
        const source = create();
        setGlobals(source, [a, b, c, d]);
        const texts = JSON.parse(JSON.stringify(takeGlobals(source))) as string[];
        const target = create();
        setGlobals(target, parseGlobals(target, texts));
        return target.every(({ global }, index) => Object.is(global.value, source[index]?.global.value));
      }),
    );
  });

  it('are refused when they belong to another module', () => {
    expect(() => parseGlobals(create(), ['1'])).toThrow(RangeError);
  });
});
