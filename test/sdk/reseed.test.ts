import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compileAssemblyScript } from '../../runtime/cli/toolchain/compile-assemblyscript.ts';
import { textOf, toInThread } from '../support/in-thread.ts';

it('what `isola build` makes has other random numbers in every invocation, although initialisation drew some', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'isola-reseed-'));
  const source = `const early = Math.random();
    export function handler(event: string): string { return (early + Math.random()).toString(); }`;
  writeFileSync(join(folder, 'index.ts'), source);
  const { wasm } = await compileAssemblyScript(folder, 'index.ts', () => {});
  rmSync(folder, { recursive: true });
  const { invoke } = toInThread(wasm);
  expect(new Set([invoke(), invoke(), invoke()].map(textOf)).size).toBe(3);
});
