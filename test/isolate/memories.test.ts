import { describe, expect, it } from 'vitest';
import { textOf, toInThread } from '../support/in-thread.ts';
import { fromWat, isLacking, LACKING } from '../wasm/fixture.ts';

/** Counts calls in its third memory, which it grows by a page each, and answers both digits. */
const COUNTER = `(module
  (memory 1)
  (memory $filled 1 2)
  (memory $count 1 64)
  (func $start (i32.store8 $filled (i32.const 16) (i32.const 48)))
  (start $start)
  (func (export "isola_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "handler") (param i32 i32) (result i64)
    (i32.store8 $count (i32.const 0) (i32.add (i32.load8_u $count (i32.const 0)) (i32.const 1)))
    (drop (memory.grow $count (i32.const 1)))
    (memory.copy 0 $filled (i32.const 8) (i32.const 16) (i32.const 2))
    (i32.store8 (i32.const 8) (i32.add (i32.load8_u (i32.const 8)) (i32.load8_u $count (i32.const 0))))
    (i32.store8 (i32.const 9) (i32.add (i32.const 48) (memory.size $count)))
    (i64.or (i64.shl (i64.const 8) (i64.const 32)) (i64.const 2))))`;

const several = fromWat(COUNTER);
const knowsSeveral = WebAssembly.validate(several as BufferSource);

describe('a guest of several memories', () => {
  it.skipIf(!knowsSeveral)('finds all of them as they began, in every invocation (Node 20 knows one memory)', () => {
    const { invoke } = toInThread(several);
    expect([textOf(invoke()), textOf(invoke())]).toEqual(['12', '12']);
  });

  it.skipIf(!knowsSeveral)('keeps all of them in environment reuse, and reports their sum', () => {
    const { invoke } = toInThread(several, { settings: { isolation: 'environment' } });
    expect([textOf(invoke()), textOf(invoke())]).toEqual(['12', '23']);
    expect(invoke()).toMatchObject({ report: { maxMemoryBytes: 6 * 65_536 } });
  });
});

describe('a guest with 64-bit addresses', () => {
  it('is refused when they are those of the memory that events come in', ({ skip }) => {
    const wasm = fromWat(
      '(module (memory i64 1) (func (export "isola_alloc") (param i64) (result i64) (i64.const 0)))',
    );
    if (isLacking(wasm)) skip(LACKING);
    expect(() => toInThread(wasm)).toThrow('The first memory of the module has 64-bit addresses');
  });

  it('has them in a further memory, up to its MemorySize, and finds that as it began in every invocation', ({
    skip,
  }) => {
    const wasm = fromWat(`(module (memory 1) (memory $wide i64 1)
      (func (export "isola_alloc") (param i32) (result i32) (i32.const 1024))
      (func (export "handler") (param i32 i32) (result i64)
        (i64.store8 $wide (i64.const 9) (i64.add (i64.load8_u $wide (i64.const 9)) (i64.const 49)))
        (i32.store8 (i32.const 8) (i32.load8_u $wide (i64.const 9)))
        (if (i64.eq (memory.grow $wide (i64.const 1000)) (i64.const -1)) (then unreachable))
        (if (i64.ne (memory.grow $wide (i64.const 2000)) (i64.const -1)) (then unreachable))
        (i64.or (i64.shl (i64.const 8) (i64.const 32)) (i64.const 1))))`);
    if (isLacking(wasm)) skip(LACKING);
    const { invoke } = toInThread(wasm);
    expect([textOf(invoke()), textOf(invoke())]).toEqual(['1', '1']);
  });
});

describe('a guest without a memory', () => {
  it('runs when it is a command', () => {
    const { invoke } = toInThread(fromWat('(module (func (export "_start")))'));
    expect([textOf(invoke()), textOf(invoke())]).toEqual(['', '']);
  });

  it('is refused where events come in memory', () => {
    const wasm = fromWat('(module (func (export "isola_alloc") (param i32) (result i32) (i32.const 0)))');
    expect(() => toInThread(wasm)).toThrow('no memory');
  });
});
