import { describe, expect, it } from 'vitest';
import { buildArtifact } from '../../runtime/isolate/index.ts';
import { textOf, toInThread } from '../support/in-thread.ts';
import { guest } from '../support/wat.ts';
import { fromWat } from '../wasm/fixture.ts';

const refusal = (wasm: Uint8Array, { warmUp = '{}', initTimeoutMs = 60_000 } = {}) => {
  const built = buildArtifact(wasm, { memoryMb: 128, handler: 'index.handler', initTimeoutMs, warmUp });
  return built.kind === 'refused' ? built.message : 'accepted';
};

describe('a warm-up event', () => {
  it('is handled once, and every invocation starts from what it left', () => {
    const { invoke } = toInThread(guest('counter'), { build: { warmUp: '{}' } });
    expect([invoke(), invoke(), invoke()].map(textOf)).toEqual(['2', '2', '2']);
  });

  it('reaches the handler as an event does, without the environment and without a name', () => {
    const echoed = toInThread(guest('echo'), { mode: 'copy', build: { warmUp: '{"warm":true}' } });
    expect(Buffer.from(memoryOf(echoed)).toString('latin1')).toContain('{"warm":true}');
    const told = toInThread(guest('context'), {
      mode: 'copy',
      build: { warmUp: '{}' },
      settings: { environment: { SECRET: 'x' } },
    });
    const remembered = Buffer.from(memoryOf(told)).toString('latin1');
    expect(remembered).toContain('"awsRequestId":"00000000-0000-0000-0000-000000000000","functionName":""');
  });

  it.each([
    ['traps', 'trap', 'divide by zero'],
    ['wants too much memory', 'balloon', 'The function used up its memory.'],
    ['has an initialisation that traps', 'trap-at-start', 'trap'],
  ])('refuses a function that %s', (_, name, why) => {
    expect(refusal(guest(name))).toMatch(/^ISOLA_WARM_UP cannot be used: /);
    expect(refusal(guest(name))).toContain(why);
  });

  it('refuses a function that never ends', () => {
    const why = 'ISOLA_WARM_UP cannot be used: The function did not end within 0.1 seconds.';
    expect(refusal(guest('spin'), { initTimeoutMs: 100 })).toBe(why);
  });

  it('quotes what a failing function logged', () => {
    const wasm = fromWat(`(module
      (import "isola" "log" (func $log (param i32 i32 i32)))
      (import "isola" "fail" (func $fail (param i32 i32 i32 i32)))
      (memory (export "memory") 1) (data (i32.const 0) "Missing no table yet")
      (func (export "isola_alloc") (param i32) (result i32) (i32.const 1024))
      (func (export "handler") (param i32 i32) (result i64)
        (call $log (i32.const 4) (i32.const 11) (i32.const 9))
        (call $fail (i32.const 0) (i32.const 7) (i32.const 8) (i32.const 8))
        (i64.const 0)))`);
    expect(refusal(wasm)).toBe('ISOLA_WARM_UP cannot be used: Missing: no table It logged: ERROR\ttable yet');
  });

  it('is of no use where nothing would be left of it', () => {
    expect(refusal(fromWat('(module (func (export "_start")))'))).toContain('A WASI command keeps no state');
    const drops = fromWat(`(module (memory 1) (data $d "x")
      (func (export "isola_alloc") (param i32) (result i32) (i32.const 1024))
      (func (export "handler") (param i32 i32) (result i64) (data.drop $d) (i64.const 0)))`);
    expect(refusal(drops)).toContain('it drops segments');
  });
});

function memoryOf({ image }: ReturnType<typeof toInThread>): Uint8Array {
  const memory = image?.memories[0];
  if (memory?.kind !== 'copied') throw new Error('expected a small image');
  return new Uint8Array(memory.memory);
}
