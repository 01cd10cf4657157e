import { describe, expect, it } from 'vitest';
import loadWabt from 'wabt';
import { WASI_NAMES } from '../../../runtime/isolate/wasi/index.ts';
import { Guest } from './guest.ts';

const wabt = await loadWabt();
const instantiate = (text: string): WebAssembly.Instance =>
  new WebAssembly.Instance(new WebAssembly.Module(wabt.parseWat('guest.wat', text).toBinary({}).buffer.slice()), {
    wasi_snapshot_preview1: new Guest().host.imports,
  });

describe('imports', () => {
  it('are the 46 functions of preview 1', () => {
    expect(Object.keys(new Guest().host.imports).sort()).toEqual([...WASI_NAMES].sort());
    expect(WASI_NAMES).toHaveLength(46);
  });

  it.each([
    ['an i32 for an i64', '(func (import "wasi_snapshot_preview1" "fd_seek") (param i32 i32 i32 i32) (result i32))'],
    ['an i64 result', '(func (import "wasi_snapshot_preview1" "fd_close") (param i32) (result i64))'],
    ['a reference', '(func (import "wasi_snapshot_preview1" "fd_close") (param externref) (result i32))'],
    ['a missing parameter', '(func (import "wasi_snapshot_preview1" "fd_close") (result i32))'],
  ])('do not link with %s', (_what, declaration) => {
    expect(() => instantiate(`(module ${declaration})`)).toThrow(WebAssembly.LinkError);
  });

  it('are called by WebAssembly with its own numbers', () => {
    const { exports } = instantiate(`(module
      (func $seek (import "wasi_snapshot_preview1" "fd_seek") (param i32 i64 i32 i32) (result i32))
      (func (export "seek") (result i32) (call $seek (i32.const 0) (i64.const -1) (i32.const 0) (i32.const 0))))`);
    expect((exports.seek as () => number)()).toBe(70);
  });
});
