import { describe, expect, it } from 'vitest';
import { buildArtifact } from '../../runtime/isolate/index.ts';
import { textOf, toInThread } from '../support/in-thread.ts';
import { assemble } from '../support/wat.ts';

const ALLOCATE = '(func (export "isola_alloc") (param i32) (result i32) (i32.const 64))';
const HANDLER = '(func (export "handler") (param i32 i32) (result i64) (i64.const 1))';
const guestOf = (...fields: string[]) => assemble(`(module ${fields.join('\n')} (data (i32.const 0) "7"))`);
const MEMORY = '(memory (export "memory") 1)';

describe('a guest whose exports have other types than the ABI says', () => {
  it.each([
    ['i64 parameters', '(param i64 i64) (result i64) (i64.const 1)', 'Runtime.InvalidEntrypoint'],
    ['a v128 parameter', '(param v128) (result i64) (i64.const 1)', 'Runtime.InvalidEntrypoint'],
    ['a v128 result', '(param i32 i32) (result v128) (v128.const i32x4 0 0 0 0)', 'Runtime.InvalidEntrypoint'],
    ['a funcref parameter', '(param funcref) (result i64) (i64.const 1)', 'Runtime.InvalidEntrypoint'],
    ['an i32 result', '(param i32 i32) (result i32) (i32.const 1)', 'Runtime.InvalidResponse'],
    ['an f64 result', '(param i32 i32) (result f64) (f64.const nan)', 'Runtime.InvalidResponse'],
    ['no result', '(param i32 i32)', 'Runtime.InvalidResponse'],
    ['two results', '(param i32 i32) (result i64 i64) (i64.const 1) (i64.const 1)', 'Runtime.InvalidResponse'],
    ['an externref result', '(param i32 i32) (result externref) (ref.null extern)', 'Runtime.InvalidResponse'],
  ])('ends as its own error: a handler with %s', (_, code, errorType) => {
    const { invoke } = toInThread(guestOf(MEMORY, ALLOCATE, `(func (export "handler") ${code})`));
    expect(invoke()).toMatchObject({ kind: 'function-error', error: { errorType } });
  });

  it.each([
    ['isola_alloc', '(func (export "isola_alloc") (param i64) (result i32) (i32.const 0))'],
    ['_initialize', `${ALLOCATE} (func (export "_initialize") (param i64))`],
  ])('ends as its own error: %s with an i64', (_, code) => {
    const { invoke } = toInThread(guestOf(MEMORY, code, HANDLER));
    expect(invoke()).toMatchObject({ kind: 'function-error', error: { errorType: 'Runtime.InvalidEntrypoint' } });
  });

  it.each([
    ['no memory export', '(memory 1)'],
    ['a global that is called memory', '(memory 1) (global (export "memory") i32 (i32.const 0))'],
    ['a function that is called memory', '(memory 1) (func (export "memory"))'],
  ])('runs on its only memory all the same: %s', (_, memory) => {
    expect(textOf(toInThread(guestOf(memory, ALLOCATE, HANDLER)).invoke())).toBe('7');
  });
});

describe('a guest that imports what it may not have', () => {
  it.each([
    ['(import "isola" "log" (func (param i64 i32 i32)))', 'imports "isola.log" as (i64, i32, i32) -> nothing'],
    ['(import "isola" "clock" (func (param i32) (result i32)))', 'it is (i32) -> i64'],
    ['(import "wasi_snapshot_preview1" "fd_close" (func (param i64) (result i32)))', 'it is (i32) -> i32'],
    ['(import "isola" "log" (memory 1))', 'imports the memory "isola.log"'],
    ['(import "isola" "log" (table 1 funcref))', 'imports the table "isola.log"'],
    ['(import "isola" "log" (global i32))', 'imports the global "isola.log"'],
    ['(import "env" "launch" (func))', 'imports the function "env.launch"'],
  ])('is refused when it is deployed: %s', (imported, message) => {
    const memory = imported.includes('memory') ? '' : MEMORY;
    const built = buildArtifact(guestOf(imported, memory, ALLOCATE, HANDLER), { memoryMb: 128, handler: 'h.handler' });
    expect(built).toMatchObject({ kind: 'refused', message: expect.stringContaining(message) });
  });
});
