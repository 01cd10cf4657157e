import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../runtime/config.ts';
import { createShell, type Shell } from './command-line.ts';
import { FakeLambda } from './fake-lambda.ts';

let lambda: FakeLambda;
let url: string;
let shell: Shell;
let started: Readonly<Record<string, string | undefined>>[];
let stopped: number;

beforeEach(async () => {
  lambda = new FakeLambda();
  url = await lambda.start();
  shell = await createShell({ ISOLA_ROOT_ACCESS_KEY_ID: 'ROOT', ISOLA_ROOT_SECRET_ACCESS_KEY: 'SECRET' });
  started = [];
  stopped = 0;
  shell.startIsola = async (env) => {
    started.push(env);
    const stop = async () => {
      stopped += 1;
    };
    const functions = async () => lambda.functions();
    return { url, publicUrl: url, dataDir: '/data', credentialsFile: '/data/credentials', functions, stop };
  };
});
afterEach(async () => {
  await lambda.stop();
  await shell.remove();
});

describe('serve', () => {
  it('passes its options on as settings and shows where everything is', async () => {
    const { stdout, exitCode } = await shell.type('serve', '--port', '9000', '--data-dir', 'here');
    expect(exitCode).toBe(0);
    expect(started).toMatchObject([{ ISOLA_PORT: '9000', ISOLA_DATA_DIR: 'here' }]);
    for (const shown of [url, '/data', '/data/credentials', 'none yet', 'isola init']) expect(stdout).toContain(shown);
  });

  it('deploys with its own root key, not with the key for AWS', async () => {
    await mkdir(join(shell.cwd, 'functions', 'hello'), { recursive: true });
    await shell.type('serve', '--examples');
    expect(lambda.seen[0]?.headers.authorization).toContain('Credential=ROOT/');
  });

  it('deploys the examples and prints a curl line for hello', async () => {
    for (const name of ['csv', 'hello']) await mkdir(join(shell.cwd, 'functions', name), { recursive: true });
    const { stdout } = await shell.type('serve', '--examples');
    expect(stdout).toContain(`curl '${url}/url/hello/'`);
    const { functions } = JSON.parse((await shell.type('serve', '--json')).stdout) as { functions: string[] };
    expect(functions).toEqual(['csv', 'hello']);
  });

  it('proposes a call that needs no URL when nothing has one', async () => {
    lambda.add('inner');
    expect((await shell.type('serve')).stdout).toContain('Try:  isola invoke inner');
  });

  it('leaves an example out that does not build, says why, and serves the others', async () => {
    for (const name of ['broken', 'hello']) await mkdir(join(shell.cwd, 'functions', name), { recursive: true });
    const { buildFunction } = shell.toolchain;
    const build = (folder: string, report: (line: string) => void) =>
      folder.endsWith('broken') ? Promise.reject(new Error('clang is missing')) : buildFunction(folder, report);
    shell.toolchain = { ...shell.toolchain, buildFunction: build };
    const { stdout, notes, exitCode } = await shell.type('serve', '--examples');
    expect({ notes, exitCode }).toEqual({ notes: ['broken is left out: clang is missing'], exitCode: 0 });
    expect(stdout).toContain('/url/hello/');
  });

  it('stops what it started when it cannot go on', async () => {
    lambda.functions = () => {
      throw new Error('broken');
    };
    expect(await shell.type('serve')).toMatchObject({ exitCode: 1, stderr: 'isola: broken\n' });
    expect(stopped).toBe(1);
  });

  it.each([
    [Object.assign(new Error('listen'), { code: 'EADDRINUSE' }), '127.0.0.1:8420 is in use'],
    [Object.assign(new Error('listen'), { code: 'EACCES', syscall: 'listen' }), 'port above 1023'],
    [Object.assign(new Error('EACCES: open /data/key'), { code: 'EACCES', syscall: 'open' }), 'open /data/key'],
    [new ConfigError('ISOLA_PORT=x is not usable'), 'ISOLA_PORT=x'],
  ])('turns %s into a sentence', async (error, sentence) => {
    shell.startIsola = () => Promise.reject(error);
    const { stderr, exitCode } = await shell.type('serve');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
