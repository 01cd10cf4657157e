import { execFileSync, spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { rewrite } from '../../runtime/wasm/index.ts';
import { readFixture } from '../wasm/fixture.ts';

const ENABLING = new URL('../../runtime/pool/branch-hinting.js', import.meta.url);
const SHOWING_CODE_SIZES = [
  '--trace-wasm-compilation-times',
  ...['--no-liftoff', '--no-wasm-lazy-compilation', '--no-wasm-dynamic-tiering'],
];

/** Sizes of the machine code that a process of its own makes of an artifact. */
function codeSizes(artifact: Uint8Array, before: string): string[] {
  const code = Buffer.from(artifact).toString('base64');
  const script = `${before}; new WebAssembly.Module(Buffer.from('${code}', 'base64'))`;
  const out = execFileSync(process.execPath, [...SHOWING_CODE_SIZES, '--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  return (out.match(/codesize \d+/g) ?? []).sort();
}

it('lets the engine read the hints of artifacts', ({ skip }) => {
  if (Number.parseInt(process.versions.v8, 10) >= 14) skip('this engine reads hints unasked');
  const { code } = rewrite(readFixture('hostile', 'spin'));
  const unasked = codeSizes(code, '');
  const asked = codeSizes(code, `(await import('${ENABLING}')).enableBranchHinting()`);
  expect(asked.length).toBeGreaterThan(0);
  expect(asked).toHaveLength(unasked.length);
  expect(asked).not.toEqual(unasked);
});

it('says nothing on any engine', () => {
  const script = `(await import('${ENABLING}')).enableBranchHinting()`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' });
});
