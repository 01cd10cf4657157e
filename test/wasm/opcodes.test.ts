import { expect, it } from 'vitest';
import { AFTER_FB } from '../../runtime/wasm/format/gc-opcodes.ts';
import { AFTER_FC, ONE_BYTE } from '../../runtime/wasm/format/opcodes.ts';
import { AFTER_FD } from '../../runtime/wasm/format/simd-opcodes.ts';

const TABLES = { 'one byte': ONE_BYTE, '0xfb': AFTER_FB, '0xfc': AFTER_FC, '0xfd': AFTER_FD };

it.each(Object.entries(TABLES))(
  'the table of opcodes after %s says of each once what it is and where to read of it',
  (_, rows) => {
    const named = rows.flatMap(({ first, names }) =>
      names.split(' ').flatMap((name, place) => (name === '-' ? [] : [{ name, opcode: first + place }])),
    );
    expect(new Set(named.map(({ name }) => name)).size).toBe(named.length);
    expect(new Set(named.map(({ opcode }) => opcode)).size).toBe(named.length);
    for (const { spec, weight } of rows) {
      expect(spec).toMatch(/^[a-zA-Z]/);
      expect(weight).toBeGreaterThanOrEqual(0);
      expect(weight).toBeLessThan(256);
    }
  },
);

it('knows as many instructions as there are in every proposal', () => {
  const counted = new Map<string, number>();
  for (const { names, spec } of Object.values(TABLES).flat()) {
    const count = names.split(' ').filter((name) => name !== '-').length;
    counted.set(spec, (counted.get(spec) ?? 0) + count);
  }
  expect(Object.fromEntries(counted)).toMatchObject({
    ...{ numeric: 127, memory: 25, 'sign extension': 5, 'saturating conversions': 8, 'bulk memory': 7 },
    ...{ 'fixed-width SIMD': 236, 'relaxed SIMD': 20, 'garbage collection, structs': 6 },
    ...{ 'garbage collection, arrays': 14, 'garbage collection, casts': 6, 'garbage collection, scalars': 3 },
  });
});
