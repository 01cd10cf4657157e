import { instantiateSync } from '@assemblyscript/loader';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileAssemblyScript } from '../../support/assemblyscript.ts';
import { textOf, toInThread } from '../../support/in-thread.ts';
import { assemble } from '../../support/wat.ts';

const ECHO = await compileAssemblyScript('export function handler(event: string): string { return event; }');

describe('the assemblyscript abi', () => {
  it("moves strings exactly as AssemblyScript's own loader does", () => {
    const { exports } = instantiateSync<{ handler(pointer: number): number }>(ECHO as Uint8Array<ArrayBuffer>, {});
    const throughLoader = (text: string) => exports.__getString(exports.handler(exports.__newString(text)));
    const { invoke } = toInThread(ECHO);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        expect(textOf(invoke(text))).toBe(throughLoader(JSON.stringify(text)));
      }),
    );
  });

  it('reports what the guest throws, and where', async () => {
    const wasm = await compileAssemblyScript(
      'export function handler(event: string): string { if (event.length) throw new Error("too much of " + event); return event; }',
    );
    expect(toInThread(wasm).invoke(7)).toMatchObject({
      kind: 'function-error',
      error: {
        errorType: 'Error',
        errorMessage: 'too much of 7',
        stackTrace: [expect.stringMatching(/^at index\.ts:1:\d+$/)],
      },
    });
  });

  it('logs what the guest prints', async () => {
    const wasm = await compileAssemblyScript(
      'export function handler(event: string): string { console.log("hello"); console.error("oh"); return event; }',
    );
    expect(toInThread(wasm).invoke()).toMatchObject({ log: 'INFO\thello\nERROR\toh\n' });
  });

  it.each([
    ['a string that starts before the memory', '(i32.const 2)', 'Runtime.InvalidResponse'],
    ['a string outside of the memory', '(i32.const -2)', 'Runtime.InvalidResponse'],
    ['a string longer than the memory', '(i32.const 8)', 'Function.ResponseSizeTooLarge'],
  ])('refuses %s', (_, pointer, errorType) => {
    const wasm = assemble(`(module (memory (export "memory") 1) (data (i32.const 4) "\\ff\\ff\\ff\\7f")
      (func (export "__new") (param i32 i32) (result i32) (i32.const 1024))
      (func (export "__pin") (param i32) (result i32) (local.get 0)) (func (export "__unpin") (param i32))
      (func (export "handler") (param i32) (result i32) ${pointer}))`);
    expect(toInThread(wasm).invoke()).toMatchObject({ kind: 'function-error', error: { errorType } });
  });
});
