import { describe, expect, it } from 'vitest';
import { rewrite } from '../../runtime/wasm/index.ts';
import { fromWat } from './fixture.ts';
import { FuelHost } from './fuel-host.ts';

const shapeOf = (wat: string) => rewrite(fromWat(wat)).shape;
const compiled = (wat: string): WebAssembly.Module =>
  new WebAssembly.Module(rewrite(fromWat(wat)).code as BufferSource);

function custom(name: string, content: readonly number[]): number[] {
  return [0, name.length + 1 + content.length, name.length, ...new TextEncoder().encode(name), ...content];
}

describe('memory', () => {
  it('becomes an import that keeps its declared sizes', () => {
    expect(shapeOf('(module (memory 3 7))').memories).toEqual([
      { module: 'isola:memory', name: '0', minPages: 3, maxPages: 7 },
    ]);
    expect(WebAssembly.Module.imports(compiled('(module (memory 3 7))'))).toEqual([
      { module: 'isola:memory', name: '0', kind: 'memory' },
    ]);
  });

  it('without a maximum may be as large as wasm32 allows', () => {
    expect(shapeOf('(module (memory 1))').memories[0]?.maxPages).toBe(65_536);
  });

  it('that the guest imports keeps its names', () => {
    const shape = shapeOf('(module (import "env" "memory" (memory 2 9)))');
    expect(shape.memories).toEqual([{ module: 'env', name: 'memory', minPages: 2, maxPages: 9 }]);
    expect(shape.imports).toEqual([{ module: 'env', name: 'memory', kind: 'memory' }]);
  });

  it.skipIf(!WebAssembly.validate(fromWat('(module (memory 1) (memory 1))') as BufferSource))(
    'is one import among several, each under its index (Node 20 knows no second memory)',
    () => {
      const wat = '(module (import "env" "m" (memory 2 9)) (memory 1) (memory 3 4) (memory 5) (export "e" (memory 2)))';
      expect(shapeOf(wat).memories).toEqual([
        { module: 'env', name: 'm', minPages: 2, maxPages: 9 },
        { module: 'isola:memory', name: '1', minPages: 1, maxPages: 65_536 },
        { module: 'isola:memory', name: '2', minPages: 3, maxPages: 4 },
        { module: 'isola:memory', name: '3', minPages: 5, maxPages: 65_536 },
      ]);
      expect(WebAssembly.Module.imports(compiled(wat)).map(({ name }) => name)).toEqual(['m', '1', '2', '3']);
    },
  );

  it('cannot grow past what the host gives', () => {
    const { code, shape } = rewrite(
      fromWat('(module (memory 1) (func (export "grow") (result i32) (memory.grow (i32.const 9000))))'),
    );
    expect(new FuelHost(code, shape, { slice: 1000 }).call('grow')).toBe(-1);
  });
});

describe('tables', () => {
  it('cannot grow past the limit of all tables together', () => {
    const { code, shape } = rewrite(
      fromWat(`(module (table $a 10 funcref) (table $b 20 externref)
        (func (export "a") (param i32) (result i32) (table.grow $a (ref.null func) (local.get 0)))
        (func (export "b") (param i32) (result i32) (table.grow $b (ref.null extern) (local.get 0))))`),
    );
    const host = new FuelHost(code, shape, { slice: 1000 });
    expect(host.call('a', 499_985)).toBe(10);
    expect(host.call('a', 1)).toBe(-1);
    expect(host.call('b', 499_986)).toBe(-1);
  });
});

describe('state', () => {
  it('is exposed under names that the guest keeps its own beside', () => {
    const { code, shape } = rewrite(
      fromWat(`(module (global i32 (i32.const 1)) (global $m (export "mine") (mut i64) (i64.const 2))
        (global (mut f32) (f32.const 3)) (global (mut externref) (ref.null extern)))`),
    );
    expect(shape.globals).toEqual([
      { exportName: 'isola:global:1', type: 'i64' },
      { exportName: 'isola:global:2', type: 'f32' },
    ]);
    expect(shape.exports).toEqual([{ name: 'mine', kind: 'global' }]);
    const host = new FuelHost(code, shape, { slice: 1000 });
    (host.exported('isola:global:1') as WebAssembly.Global).value = 9n;
    expect((host.exported('mine') as WebAssembly.Global).value).toBe(9n);
  });

  it('of the start function comes about when the host calls it, not before', () => {
    const wat = '(module (global (mut i32) (i32.const 0)) (func $s (global.set 0 (i32.const 1))) (start $s))';
    const { code, shape } = rewrite(fromWat(wat));
    expect(shape.startExport).toBe('isola:start');
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code as BufferSource));
    expect((exports['isola:global:0'] as WebAssembly.Global).value).toBe(0);
    (exports['isola:start'] as CallableFunction)();
    expect((exports['isola:global:0'] as WebAssembly.Global).value).toBe(1);
  });

  it.each([
    ['(table 1 funcref) (func (table.set 0 (i32.const 0) (ref.null func)))', false],
    ['(table 1 funcref) (func (drop (table.grow 0 (ref.null func) (i32.const 1))))', false],
    ['(table 1 funcref) (func (table.fill 0 (i32.const 0) (ref.null func) (i32.const 1)))', false],
    ['(table 1 funcref) (func (table.copy (i32.const 0) (i32.const 0) (i32.const 1)))', false],
    ['(table 1 funcref) (elem $e func) (func (table.init $e (i32.const 0) (i32.const 0) (i32.const 0)))', false],
    ['(elem $e func) (func (elem.drop $e))', false],
    ['(memory 1) (data $d "x") (func (data.drop $d))', false],
    ['(global (mut v128) (v128.const i64x2 0 0))', false],
    ['(global (mut funcref) (ref.null func))', false],
    ['(memory 1) (data $d "x") (func (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1)))', true],
    ['(table 1 funcref) (global v128 (v128.const i64x2 0 0)) (func (drop (table.get 0 (i32.const 0))))', true],
  ])('of %s can be reset: %s', (fields, resettable) => {
    expect(shapeOf(`(module ${fields})`).resettable).toBe(resettable);
  });

  it.each([
    ['(table 1 funcref) (func (table.set 0 (i32.const 0) (ref.null func)))', ['isola:table:0'], []],
    ['(table 1 externref) (func (table.set 0 (i32.const 0) (ref.null extern)))', ['isola:table:0'], []],
    [
      '(table 2 funcref) (elem (i32.const 0) $a) (elem declare func $b) (func $a) (func $b) (func (export "c") (table.set 0 (i32.const 1) (ref.func $b)))',
      ['isola:table:0'],
      ['isola:function:1'],
    ],
    ['(table 1 funcref) (elem (i32.const 0) $a) (func $a)', [], []],
  ])('of %s can be restored, by %j and %j', (fields, tableExports, functionExports) => {
    expect(shapeOf(`(module ${fields})`)).toMatchObject({ restorable: true, tableExports, functionExports });
  });

  it.each([
    '(elem $e func) (func (elem.drop $e))',
    '(memory 1) (data $d "x") (func (data.drop $d))',
    '(global (mut v128) (v128.const i64x2 0 0))',
    '(global (mut funcref) (ref.null func))',
  ])('of %s cannot be restored', (fields) => {
    expect(shapeOf(`(module ${fields})`)).toMatchObject({ restorable: false, resettable: false, tableExports: [] });
  });
});

describe('sections', () => {
  it('made by others stay in place, but those that hold code offsets go', () => {
    const input = fromWat('(module (func $named (export "f")))');
    const extended = new Uint8Array([
      ...input.slice(0, 8),
      ...custom('first', [1, 2]),
      ...input.slice(8),
      ...custom('.debug_info', [3]),
      ...custom('sourceMappingURL', [1, 0x78]),
      ...custom('metadata.code.branch_hint', [0]),
      ...custom('last', [4]),
    ]);
    const module = new WebAssembly.Module(rewrite(extended).code as BufferSource);
    const content = (name: string): number[][] =>
      WebAssembly.Module.customSections(module, name).map((bytes) => [...new Uint8Array(bytes)]);
    expect(content('first')).toEqual([[1, 2]]);
    expect(content('last')).toEqual([[4]]);
    expect(content('name').length).toBe(1);
    for (const name of ['.debug_info', 'sourceMappingURL', 'metadata.code.branch_hint'])
      expect(content(name)).toEqual([]);
  });

  it('of tags take an attribute in more bytes than it needs, as engines do', () => {
    const type = [1, 4, 1, 0x60, 0, 0];
    const tag = [13, 4, 1, 0x80, 0, 0];
    const module = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...type, ...tag);
    expect(WebAssembly.validate(module)).toBe(true);
    expect(WebAssembly.validate(rewrite(module).code as BufferSource)).toBe(true);
  });

  it('are the same bytes for the same input', () => {
    const input = fromWat('(module (memory 1) (func (export "f") (loop $l (br_if $l (i32.load (i32.const 0))))))');
    expect(rewrite(input).code).toEqual(rewrite(input.slice()).code);
  });

  it('of an empty module hold only what was injected', () => {
    expect(WebAssembly.Module.exports(compiled('(module)'))).toEqual([
      { name: 'isola:fuel', kind: 'global' },
      { name: 'isola:grow-failed', kind: 'global' },
      { name: 'isola:refuel', kind: 'table' },
    ]);
  });
});

it('calls between host and guest share one account', () => {
  const { code, shape } = rewrite(
    fromWat(`(module (import "env" "host" (func $host (param i32) (result i32)))
      (func (export "f") (param i32) (result i32)
        (loop $l (local.set 0 (call $host (local.get 0))) (br_if $l (i32.gt_s (local.get 0) (i32.const 0)))) (local.get 0))
      (func (export "g") (param i32) (result i32) (i32.sub (local.get 0) (i32.const 1))))`),
  );
  const used = [1, 10, 100_000].map((slice) => {
    const host: FuelHost = new FuelHost(code, shape, { slice }, { env: { host: (n: number) => host.call('g', n) } });
    expect(host.call('f', 50)).toBe(0);
    return host.used;
  });
  expect(new Set(used).size).toBe(1);
});
