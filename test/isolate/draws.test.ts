import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildArtifact } from '../../runtime/isolate/index.ts';
import { compileAssemblyScript } from '../support/assemblyscript.ts';
import { textOf, toInThread } from '../support/in-thread.ts';
import { guest } from '../support/wat.ts';
import { fromWat } from '../wasm/fixture.ts';

const drawsOf = (wasm: Uint8Array) => {
  const built = buildArtifact(wasm, { memoryMb: 128, handler: 'index.handler' });
  if (built.kind === 'refused') throw new Error(built.message);
  return built.draws;
};

describe('what initialisation reads that differs from call to call', () => {
  it('is noted by name, once each, in the order of the first calls', () => {
    const wasm = fromWat(`(module
      (import "isola" "random" (func $random (param i32 i32) (result i32)))
      (import "isola" "clock" (func $clock (param i32) (result i64)))
      (import "wasi_snapshot_preview1" "random_get" (func $get (param i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
      (memory (export "memory") 1)
      (func $start
        (drop (call $random (i32.const 0) (i32.const 8)))
        (drop (call $clock (i32.const 0)))
        (drop (call $random (i32.const 0) (i32.const 8)))
        (drop (call $get (i32.const 0) (i32.const 8)))
        (drop (call $time (i32.const 0) (i64.const 0) (i32.const 0))))
      (start $start)
      (func (export "isola_alloc") (param i32) (result i32) (i32.const 1024))
      (func (export "handler") (param i32 i32) (result i64) (i64.const 0)))`);
    expect(drawsOf(wasm)).toEqual([
      { what: 'random', name: 'isola.random' },
      { what: 'clock', name: 'isola.clock' },
      { what: 'random', name: 'wasi_snapshot_preview1.random_get' },
      { what: 'clock', name: 'wasi_snapshot_preview1.clock_time_get' },
    ]);
  });

  it('is nothing where only the handler reads', () => {
    expect(drawsOf(guest('counter'))).toEqual([]);
    expect(drawsOf(readFileSync('test/fixtures/wasi/stdio.wasm'))).toEqual([]);
  });

  const SEEDED = `
    const early = Math.random();
    export function handler(event: string): string { return early.toString() + " " + Math.random().toString(); }`;
  const RESEED = 'export function isola_reseed(seed: i64): void { Math.seedRandom(seed); }';

  it('is a seed when AssemblyScript draws at its top level: all later numbers repeat without a reseed', async () => {
    const wasm = await compileAssemblyScript(SEEDED);
    expect(drawsOf(wasm)).toEqual([{ what: 'random', name: 'env.seed' }]);
    const { invoke } = toInThread(wasm);
    expect(new Set([invoke(), invoke(), invoke()].map(textOf)).size).toBe(1);
  });

  it('is given another seed in every invocation where the module exports isola_reseed', async () => {
    const { invoke } = toInThread(await compileAssemblyScript(SEEDED + RESEED));
    const numbers = [invoke(), invoke(), invoke()].map((outcome) => textOf(outcome).split(' '));
    expect(new Set(numbers.map(([early]) => early)).size).toBe(1);
    expect(new Set(numbers.map(([, late]) => late)).size).toBe(3);
  });

  it('is reseeded once where state is kept', async () => {
    const counting = `let seeds = 0; const early = Math.random();
      export function isola_reseed(seed: i64): void { seeds++; }
      export function handler(event: string): string { return seeds.toString(); }`;
    const wasm = await compileAssemblyScript(counting);
    const { invoke } = toInThread(wasm, { settings: { isolation: 'environment' } });
    expect([invoke(), invoke()].map(textOf)).toEqual(['1', '1']);
    const untouched = toInThread(await compileAssemblyScript(counting.replace('Math.random()', '1')));
    expect(textOf(untouched.invoke())).toBe('0');
  });

  it('cannot be used to run without end: the reseed is on the clock of the invocation', async () => {
    const wasm = await compileAssemblyScript(`const early = Math.random();
      export function isola_reseed(seed: i64): void { while (true) {} }
      export function handler(event: string): string { return ""; }`);
    const { invoke } = toInThread(wasm, { settings: { timeoutMs: 100 } });
    expect(invoke()).toMatchObject({ kind: 'timed-out', cause: 'deadline' });
  });
});

describe('a WASI reactor', () => {
  it('finds the files of its package when it is initialised', () => {
    const wasm = fromWat(`(module
      (import "wasi_snapshot_preview1" "path_open"
        (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 1)
      (data (i32.const 0) "data.txt")
      (data (i32.const 16) "\\40\\00\\00\\00\\03\\00\\00\\00")
      (func (export "_initialize") (local $dir i32)
        (local.set $dir (i32.const 3))
        (loop $next
          (if (call $open (local.get $dir) (i32.const 0) (i32.const 0) (i32.const 8) (i32.const 0)
                (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 32))
            (then
              (local.set $dir (i32.add (local.get $dir) (i32.const 1)))
              (br_if $next (i32.lt_u (local.get $dir) (i32.const 10))))))
        (drop (call $read (i32.load (i32.const 32)) (i32.const 16) (i32.const 1) (i32.const 36))))
      (func (export "isola_alloc") (param i32) (result i32) (i32.const 1024))
      (func (export "handler") (param i32 i32) (result i64) (i64.const 0x4000000003)))`);
    const files = new Map([['data.txt', Buffer.from('abc')]]);
    const { invoke } = toInThread(wasm, { files, build: { files } });
    expect([invoke(), invoke()].map(textOf)).toEqual(['abc', 'abc']);
  });
});
