import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assemble, guest } from '../support/wat.ts';
import { zip } from '../support/zip.ts';
import { createShell, type Shell } from './command-line.ts';

let shell: Shell;
beforeEach(async () => {
  shell = await createShell();
});
afterEach(() => shell.remove());

describe('inspect', () => {
  it('draws what a module is, and names the next command', async () => {
    await writeFile(join(shell.cwd, 'echo.wasm'), guest('echo'));
    const { stdout, exitCode } = await shell.type('inspect', 'echo.wasm');
    expect(exitCode).toBe(0);
    for (const part of [
      'artifact',
      'buffer',
      'handler(i32, i32) -> i64',
      'A deploy with 128 MB takes it',
      'isola deploy echo.wasm',
    ]) {
      expect(stdout).toContain(part);
    }
  });

  it('looks into the folder that it is typed in when none is named', async () => {
    const wasm = guest('echo');
    const buildFunction = async () => ({ wasm, handler: 'index.handler', outFile: 'echo.wasm' });
    shell.toolchain = { ...shell.toolchain, buildFunction };
    expect((await shell.type('inspect')).stdout).toMatch(/Next: isola deploy$/m);
  });

  it('says the same as JSON', async () => {
    await writeFile(join(shell.cwd, 'echo.wasm'), guest('echo'));
    const { stdout } = await shell.type('inspect', 'echo.wasm', '--memory', '256', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ memoryMb: 256, abi: 'buffer', bytes: guest('echo').length });
  });

  it('ends with 1 and the reason when a deploy would refuse it', async () => {
    await writeFile(join(shell.cwd, 'large.wasm'), assemble('(module (memory 4000) (func (export "isola_alloc")))'));
    const { stdout, exitCode } = await shell.type('inspect', 'large.wasm');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('A deploy with 128 MB refuses it: The module needs 250 MB');
    expect((await shell.type('inspect', 'large.wasm', '--memory', '250')).exitCode).toBe(0);
  });

  it('refuses a MemorySize that no function can have', async () => {
    await writeFile(join(shell.cwd, 'echo.wasm'), guest('echo'));
    for (const memory of ['64', '10241']) {
      const { stdout, exitCode } = await shell.type('inspect', 'echo.wasm', '--memory', memory);
      expect(exitCode).toBe(1);
      expect(stdout).toContain(
        `A deploy with ${memory} MB refuses it: MemorySize is a number of MB from 128 to 10240.`,
      );
    }
  });

  it('says when the module lacks what its handler names', async () => {
    await writeFile(join(shell.cwd, 'echo.wasm'), guest('echo'));
    const { stdout, exitCode } = await shell.type('inspect', 'echo.wasm', '--handler', 'index.main');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      'takes it, but it exports no function "main": invocations end with Runtime.HandlerNotFound.',
    );
  });

  it('opens a zip as a deploy does', async () => {
    await writeFile(
      join(shell.cwd, 'echo.zip'),
      await zip({ 'main.wasm': guest('echo'), 'other.wasm': guest('trap') }),
    );
    expect((await shell.type('inspect', 'echo.zip', '--handler', 'main.handler')).exitCode).toBe(0);
    expect(await shell.type('inspect', 'echo.zip')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('The package holds 2 .wasm files'),
    });
  });

  it('builds a folder and takes its MemorySize', async () => {
    await mkdir(join(shell.cwd, 'my-fn'));
    const { stdout, steps } = await shell.type('inspect', 'my-fn', '--json');
    expect(steps).toEqual(['compiling my-fn']);
    expect(JSON.parse(stdout)).toMatchObject({ memoryMb: 256, refused: expect.stringContaining('speaks no ABI') });
  });

  it('lets no name of the module speak to the terminal', async () => {
    const hostile = assemble(
      '(module (import "e\\1b[2J" "\\c2\\9b1m" (func)) (func (export "isola_alloc\\e2\\80\\ae")))',
    );
    await writeFile(join(shell.cwd, 'hostile.wasm'), hostile);
    const { stdout } = await shell.type('inspect', 'hostile.wasm');
    expect(stdout).toContain('e\\u{1b}[2J');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('says what to give it', async () => {
    expect(await shell.type('inspect', 'gone.wasm')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('There is no'),
    });
    expect((await shell.type('inspect', 'a.wasm', 'b.wasm')).exitCode).toBe(2);
  });
});
