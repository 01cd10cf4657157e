import { describe, expect, it } from 'vitest';
import { decodeModule, type Inspection, inspect, rewrite } from '../../runtime/wasm/index.ts';
import { fromWat } from './fixture.ts';
import { FuelHost } from './fuel-host.ts';

const MANY = 1000;
const inspected = (wat: string): Inspection => inspect(decodeModule(fromWat(wat)), MANY);

describe('features are named by proposal', () => {
  it.each([
    ['', []],
    ['(func (result i32) (i32.extend8_s (i32.const 1)))', ['sign extension']],
    ['(func (result i32) (i32.trunc_sat_f32_s (f32.const 1)))', ['saturating conversions']],
    ['(memory 1) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 9)))', ['bulk memory']],
    ['(func (result i32 i32) (i32.const 1) (i32.const 2))', ['multi-value']],
    ['(func (i32.const 1) (block (param i32) (drop)))', ['multi-value']],
    ['(func (param externref))', ['reference types']],
    ['(table 1 funcref) (table 1 funcref)', ['reference types']],
    ['(global v128 (v128.const i32x4 0 0 0 0))', ['fixed-width SIMD']],
    ['(func (local v128))', ['fixed-width SIMD']],
    ['(func $f (return_call $f))', ['tail calls']],
    ['(tag $t) (func (try (do) (catch_all)))', ['exception handling', 'legacy exception handling']],
    ['(memory 1) (memory 1)', ['multi-memory']],
    ['(global i32 (i32.add (i32.const 1) (i32.const 2)))', ['extended constant expressions']],
  ])('%s', (fields, features) => {
    expect(inspected(`(module ${fields})`).features).toEqual(features);
  });

  it('as far as a body can be read', () => {
    const wat =
      '(module (memory 1) (func (drop (i32.extend8_s (i32.const 1))) (atomic.fence) (memory.fill (i32.const 0) (i32.const 0) (i32.const 9))))';
    expect(inspected(wat)).toMatchObject({ features: ['sign extension'], loops: [] });
  });
});

describe('a turn of a loop', () => {
  const LOOPS: readonly (readonly [string, string])[] = [
    ['a plain loop', '(local.set 1 (i32.add (local.get 1) (i32.const 3)))'],
    ['a division', '(local.set 1 (i32.div_u (local.get 0) (i32.const 3)))'],
    ['an if that is taken', '(if (local.get 0) (then (local.set 1 (i32.const 3))))'],
    [
      'an if that is not',
      '(if (i32.eqz (local.get 0)) (then (local.set 1 (i32.const 3)) (local.set 1 (i32.const 3))))',
    ],
    ['the second arm', '(if (i32.const 0) (then (local.set 1 (i32.const 3))) (else (nop)))'],
    ['a branch out of a block', '(block $out (br_if $out (local.get 0)) (local.set 1 (i32.const 9)))'],
    [
      'a switch',
      '(block $b (block $a (br_table $a $b (i32.const 1))) (local.set 1 (i32.const 9)) (local.set 1 (i32.const 9)))',
    ],
  ];

  it.each(LOOPS)('costs what it burns: %s', (_, turn) => {
    const wat = `(module (func (export "f") (param i32) (local i32)
      (loop $l ${turn} (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`;
    const burnt = (turns: number): number => {
      const { code, shape } = rewrite(fromWat(wat));
      const host = new FuelHost(code, shape, { slice: 1_000_000 });
      host.call('f', turns);
      return host.used;
    };
    const turnFuel = burnt(3) - burnt(2);
    const [loop] = inspected(wat).loops;
    expect(loop!.least).toBeLessThanOrEqual(turnFuel);
    expect(loop!.most).toBeGreaterThanOrEqual(turnFuel);
    expect([loop!.least, loop!.most]).toContain(turnFuel);
  });

  it('says what comes on top', () => {
    const [loop] = inspected(`(module (memory 1) (func $f (loop $l
      (call $f) (call $f) (memory.fill (i32.const 0) (i32.const 0) (i32.const 9)) (br $l))))`).loops;
    expect(loop).toMatchObject({ calls: 2, bySize: true });
  });

  it('counts neither a way out nor a loop that cannot turn', () => {
    const wat = '(module (func (loop (nop)) (loop $l (if (i32.const 1) (then (return))) (br $l))))';
    const { loops } = inspected(wat);
    expect(loops).toHaveLength(1);
    expect(loops[0]!.least).toBe(loops[0]!.most);
  });
});

describe('loops', () => {
  const WAT = `(module
    (func $shallow (loop $l (nop) (br_if $l (i32.const 1))))
    (func $deep (loop $a (loop $b (br_if $b (i32.const 1))) (br_if $a (i32.const 1))))
    (func $dear (loop $l (drop (i32.div_u (i32.const 1) (i32.const 1))) (br_if $l (i32.const 1)))))`;

  it('are the innermost ones, deepest nests first, then the dearest', () => {
    const { loops } = inspected(WAT);
    expect(loops.map(({ name, depth }) => [name, depth])).toEqual([
      ['deep', 2],
      ['dear', 1],
      ['shallow', 1],
    ]);
  });

  it('are at most as many as asked for, each at its byte', () => {
    const module = decodeModule(fromWat(WAT));
    const [loop, ...more] = inspect(module, 1).loops;
    expect(more).toEqual([]);
    expect(module.bytes[loop!.offset]).toBe(0x03);
  });

  it('take the name that an export has when there is no other', () => {
    const named = fromWat('(module (func (export "spin") (loop $l (br $l))) (func (loop $l (br $l))))');
    expect(inspect(decodeModule(named), MANY).loops.map(({ name }) => name)).toEqual(['spin', 'function 1']);
  });
});

describe('a name section that lies', () => {
  it.each([[[1, 0x7f]], [[1, 3, 0xff, 0xff, 0xff]], [[1, 4, 1, 0, 0x7f, 0x41]], [[1, 4, 1, 0, 1, 0xff]]])(
    '%j costs only the names',
    (content) => {
      const plain = fromWat('(module (func (loop $l (br $l))))');
      const section = [0, 5 + content.length, 4, ...new TextEncoder().encode('name'), ...content];
      const header = plain.slice(0, 8);
      const type = [1, 4, 1, 0x60, 0, 0];
      const code = [3, 2, 1, 0, 10, 9, 1, 7, 0, 3, 0x40, 0x0c, 0, 0x0b, 0x0b];
      const module = Uint8Array.from([...header, ...type, ...code, ...section]);
      expect(inspect(decodeModule(module), MANY).loops).toMatchObject([{ name: 'function 0' }]);
    },
  );
});
