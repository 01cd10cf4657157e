import { describe, expect, it } from 'vitest';
import { UNZIPPED_BYTES } from '../../runtime/contract/limits.ts';
import { findModule, openPackage } from '../../runtime/registry/package.ts';
import { moduleOf } from './fixture.ts';

const files = (...names: string[]) => new Map(names.map((name) => [name, moduleOf(name)]));

describe('a package', () => {
  it.each([
    [['bootstrap', 'bootstrap.wasm', 'index.wasm'], 'bootstrap'],
    [['bootstrap.wasm', 'index.wasm'], 'bootstrap.wasm'],
    [['index.wasm', 'other.wasm'], 'index.wasm'],
    [['other.wasm', 'lib/index.wasm', 'readme.md'], 'other.wasm'],
  ])('of %j runs %s', (names, expected) => {
    expect(findModule(files(...names), 'index.handler')).toEqual(moduleOf(expected));
  });

  it('runs the file that the handler names, in a folder too', () => {
    expect(findModule(files('src/app.wasm', 'a.wasm', 'b.wasm'), 'src/app.handler')).toEqual(moduleOf('src/app.wasm'));
  });

  it('passes over a bootstrap script for the module beside it', () => {
    const mixed = new Map([...files('bootstrap.wasm'), ['bootstrap', Buffer.from('#!/bin/sh')]]);
    expect(findModule(mixed, 'index.handler')).toEqual(moduleOf('bootstrap.wasm'));
  });

  it('without a module is refused with what was looked for', () => {
    expect(() => findModule(files('readme.md', 'lib/a.wasm'), 'index.handler')).toThrow(
      'The package holds no WebAssembly module: looked for bootstrap, bootstrap.wasm, index.wasm, and a .wasm file in its root.',
    );
    expect(() => findModule(files('a.wasm', 'b.wasm'), 'index.handler')).toThrow('holds 2 .wasm files in its root');
    expect(() => findModule(new Map([['bootstrap', Buffer.from('\x7fELF')]]), 'h')).toThrow(
      'is not a WebAssembly module',
    );
  });

  it('may be a bare module', async () => {
    const [[name, bytes] = []] = await openPackage(moduleOf('x'));
    expect([name, Buffer.from(bytes ?? [])]).toEqual(['bootstrap.wasm', moduleOf('x')]);
  });

  it('is neither empty nor larger than what it may unpack to', async () => {
    await expect(openPackage(new Uint8Array())).rejects.toThrow('Uploaded file must be a non-empty zip');
    await expect(openPackage(new Uint8Array(UNZIPPED_BYTES + 1))).rejects.toThrow(
      'Unzipped size must be smaller than 262144000 bytes',
    );
  });

  it('without a module runs the bootstrap of its layers', () => {
    const layers = files('bootstrap.wasm', 'other.wasm');
    expect(findModule(files('data.txt'), 'index.handler', layers)).toEqual(moduleOf('bootstrap.wasm'));
    expect(findModule(files('index.wasm'), 'index.handler', layers)).toEqual(moduleOf('index.wasm'));
    expect(() => findModule(files('data.txt'), 'index.handler', files('other.wasm'))).toThrow('holds no WebAssembly');
  });
});
