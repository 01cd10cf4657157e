import { describe, expect, it } from 'vitest';
import type { SnapshotMode } from '../../runtime/snapshot/index.ts';
import { textOf, toInThread } from '../support/in-thread.ts';
import { fromWat } from '../wasm/fixture.ts';

/** A handler that answers the digit that `value` computes, and fields of a module around it. */
const answering = (fields: string, value: string) =>
  fromWat(`(module
    ${fields}
    (func (export "isola_alloc") (param i32) (result i32) (i32.const 1024))
    (func (export "handler") (param i32 i32) (result i64)
      (i32.store8 (i32.const 8) (i32.add (i32.const 48) ${value}))
      (i64.const 0x800000001)))`);

describe.each(['auto', 'copy'] as const)('an image (%s)', (mode: SnapshotMode) => {
  it('holds what start, _initialize and wizer.initialize did, in this order, and none of it happens again', () => {
    const step = (factor: number) =>
      `(global.set 0 (i32.add (i32.mul (global.get 0) (i32.const 2)) (i32.const ${factor})))`;
    const { invoke, image } = toInThread(
      answering(
        `(memory 1) (global (mut i32) (i32.const 0))
        (func $start ${step(1)}) (start $start)
        (func (export "_initialize") ${step(0)})
        (func (export "wizer.initialize") ${step(1)})`,
        '(global.get 0)',
      ),
      { mode },
    );
    expect(image?.globals).toEqual(['5']);
    expect([textOf(invoke()), textOf(invoke())]).toEqual(['5', '5']);
  });

  it('holds what initialisation put into tables, and gives each invocation an instance of its own', () => {
    const fields = `
      (memory 1)
      (type $digit (func (result i32)))
      (table $t 2 10 funcref)
      (table $u 1 funcref)
      (elem (table $t) (i32.const 0) func $one)
      (elem declare func $seven)
      (func $one (result i32) (i32.const 1))
      (func $seven (result i32) (i32.const 7))
      (func $four (export "four") (result i32) (i32.const 4))
      (func $start
        (drop (table.grow $t (ref.null func) (i32.const 3)))
        (table.set $t (i32.const 3) (ref.func $seven))
        (table.set $t (i32.const 1) (table.get $t (i32.const 0)))
        (table.set $t (i32.const 0) (ref.null func))
        (table.set $u (i32.const 0) (ref.func $four)))
      (start $start)`;
    const { invoke, image } = toInThread(
      answering(
        fields,
        `(i32.add (table.size $t) (i32.sub
          (i32.sub (call_indirect $t (type $digit) (i32.const 3)) (call_indirect $u (type $digit) (i32.const 0)))
          (block (result i32)
            (call_indirect $t (type $digit) (i32.const 1))
            (table.set $t (i32.const 3) (ref.null func)))))`,
      ),
      { mode },
    );
    expect(image?.tables).toEqual([
      {
        size: 5,
        changed: [
          { index: 0, entry: null },
          { index: 1, entry: { table: 0, slot: 0 } },
          { index: 2, entry: null },
          { index: 3, entry: { exportName: expect.stringContaining('function') } },
          { index: 4, entry: null },
        ],
      },
      { size: 1, changed: [{ index: 0, entry: { exportName: 'four' } }] },
    ]);
    expect([textOf(invoke()), textOf(invoke()), textOf(invoke())]).toEqual(['7', '7', '7']);
  });

  it('is not there where initialisation drops a segment: every instance initialises', () => {
    const { invoke, image } = toInThread(
      answering(
        `(memory 1) (data $d "\\05")
        (func $start (memory.init $d (i32.const 16) (i32.const 0) (i32.const 1)) (data.drop $d))
        (start $start)`,
        '(block (result i32) (i32.load8_u (i32.const 16)) (i32.store8 (i32.const 16) (i32.const 9)))',
      ),
      { mode },
    );
    expect(image).toBeUndefined();
    expect([textOf(invoke()), textOf(invoke())]).toEqual(['5', '5']);
  });

  it('holds a memory that grew while it was initialised, of which each invocation grows its own', () => {
    const { invoke, image } = toInThread(
      answering(
        `(memory 1 50)
        (func $start (drop (memory.grow (i32.const 3))) (i32.store8 (i32.const 200000) (i32.const 1)))
        (start $start)`,
        `(block (result i32)
          (i32.add (i32.load8_u (i32.const 200000)) (memory.size))
          (i32.store8 (i32.const 200000) (i32.const 3))
          (drop (memory.grow (i32.const 1))))`,
      ),
      { mode },
    );
    expect(image?.memories[0]?.pages).toBe(4);
    expect([textOf(invoke()), textOf(invoke()), textOf(invoke())]).toEqual(['5', '5', '5']);
  });
});
