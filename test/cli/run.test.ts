import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../runtime/cli/commands.ts';
import { findCredentials } from '../../runtime/cli/credentials.ts';
import { createShell, type Shell } from './command-line.ts';
import { FakeLambda } from './fake-lambda.ts';

let shell: Shell;
beforeEach(async () => {
  shell = await createShell();
});
afterEach(() => shell.remove());

describe('usage', () => {
  it('shows every command', async () => {
    const { stdout, exitCode } = await shell.type('help');
    for (const { name } of COMMANDS) expect(stdout).toContain(`  ${name}`);
    expect(exitCode).toBe(0);
  });

  it('shows the options of a command', async () => {
    const { stdout } = await shell.type('deploy', '--help');
    expect(stdout).toContain('--memory MB');
    expect((await shell.type('help', 'deploy')).stdout).toBe(stdout);
  });

  it('has a version', async () => {
    expect((await shell.type('--version')).stdout).toBe('1.2.3\n');
  });

  it.each([
    { argv: [], said: '' },
    { argv: ['deplyo'], said: 'did you mean `isola deploy`?' },
    { argv: ['help', 'depoly'], said: 'did you mean `isola deploy`?' },
    { argv: ['frobnicate'], said: '`isola help` lists them' },
    { argv: ['list', '--colour'], said: "Unknown option '--colour': `isola list --help`" },
    { argv: ['invoke', 'it', '--paylaod', '1'], said: 'did you mean `--payload`?' },
    { argv: ['bench', 'colt'], said: 'did you mean `isola bench cold`?' },
    { argv: ['bench', 'everything'], said: 'ask cold, density,' },
    { argv: ['invoke'], said: '`isola invoke` needs <name>' },
    { argv: ['delete', 'a', 'b'], said: '`b` is one argument too many' },
    { argv: ['list', '--endpoint'], said: '--endpoint' },
  ])('exits 2 on $argv', async ({ argv, said }) => {
    const { exitCode, stderr } = await shell.type(...argv);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(said);
  });

  it.each(COMMANDS.map(({ name }) => name))('%s answers JSON even about its own misuse', async (name) => {
    const { stdout } = await shell.type(name, '--no-such-option', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ error: { message: expect.stringContaining('--no-such-option') } });
  });
});

describe('the executable', () => {
  it('runs, and exits as the command says', async () => {
    const isola = join(process.cwd(), 'dist/runtime/cli/isola.js');
    const run = promisify(execFile);
    expect((await run(process.execPath, [isola, '--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    await expect(run(process.execPath, [isola, 'nonsense'])).rejects.toMatchObject({ code: 2 });
  });

  it.each(['1', '2'])('ends when its port is taken, as %s of processes', async (processes) => {
    const taken = new FakeLambda();
    const { port } = new URL(await taken.start());
    const serving = promisify(execFile)(
      process.execPath,
      [join(process.cwd(), 'dist/runtime/cli/isola.js'), 'serve', '--port', port, '--processes', processes],
      {
        cwd: shell.cwd,
      },
    );
    await expect(serving).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(`:${port} is in use`) });
    await taken.stop();
  });
});

describe('credentials', () => {
  const nowhere = { cwd: '/', home: '/' };
  const file = (id: string): string => `[default]\naws_access_key_id = ${id}\naws_secret_access_key = secret\n`;

  it('are found from inside a project folder, in the nearest data directory above', async () => {
    const inside = join(shell.cwd, 'my-fn', 'assembly');
    await mkdir(inside, { recursive: true });
    await mkdir(join(shell.cwd, '.isola'));
    await writeFile(join(shell.cwd, '.isola', 'credentials'), file('FILE'));
    const found = await findCredentials({ ...nowhere, cwd: inside, env: {} });
    expect(found).toMatchObject({ kind: 'found', credentials: { accessKeyId: 'FILE', secretAccessKey: 'secret' } });
  });

  it('follow ISOLA_DATA_DIR', async () => {
    await writeFile(join(shell.cwd, 'credentials'), file('ELSEWHERE'));
    const found = await findCredentials({ ...nowhere, env: { ISOLA_DATA_DIR: shell.cwd } });
    expect(found).toMatchObject({ credentials: { accessKeyId: 'ELSEWHERE' } });
  });

  it('are found anywhere for a server that runs where the package lies', async () => {
    await mkdir(join(shell.cwd, '.isola'));
    await writeFile(join(shell.cwd, '.isola', 'credentials'), file('HOME'));
    const found = await findCredentials({ cwd: '/', home: shell.cwd, env: {} });
    expect(found).toMatchObject({ credentials: { accessKeyId: 'HOME' } });
  });

  it('come from the environment before any file', async () => {
    await mkdir(join(shell.cwd, '.isola'));
    await writeFile(join(shell.cwd, '.isola', 'credentials'), file('FILE'));
    expect(await findCredentials(shell)).toMatchObject({ credentials: { accessKeyId: 'KEY' } });
  });

  it('say where they were looked for', async () => {
    const found = await findCredentials({ ...nowhere, env: { ISOLA_DATA_DIR: join(shell.cwd, 'none') } });
    expect(found).toEqual({ kind: 'none', looked: ['AWS_ACCESS_KEY_ID', join(shell.cwd, 'none', 'credentials')] });
  });
});

describe('a server that does not do', () => {
  let lambda: FakeLambda;
  let endpoint: string;
  beforeEach(async () => {
    lambda = new FakeLambda();
    endpoint = await lambda.start();
  });
  afterEach(() => lambda.stop());

  it('is not running', async () => {
    const gone = new FakeLambda();
    const nobody = await gone.start();
    await gone.stop();
    const { stderr, exitCode } = await shell.type('list', '--endpoint', nobody);
    expect(exitCode).toBe(1);
    expect(stderr).toBe(`isola: Isola is not running at ${nobody}: start it with \`isola serve\`.\n`);
  });

  it('is asked unsigned without a key, and the refusal says where keys were looked for', async () => {
    Object.assign(shell.env, { AWS_ACCESS_KEY_ID: undefined, ISOLA_DATA_DIR: join(shell.cwd, 'none') });
    expect(await shell.type('list', '--endpoint', endpoint)).toMatchObject({ exitCode: 0 });
    expect(lambda.seen[0]?.headers.authorization).toBeUndefined();
    lambda.override = { status: 403, headers: { 'x-amzn-errortype': 'MissingAuthenticationTokenException' } };
    const { stderr } = await shell.type('list', '--endpoint', endpoint);
    expect(stderr).toContain(join(shell.cwd, 'none', 'credentials'));
  });

  it('does not know the key', async () => {
    lambda.override = { status: 403, headers: { 'x-amzn-errortype': 'UnrecognizedClientException' } };
    const fromVariable = await shell.type('list', '--endpoint', endpoint);
    expect(fromVariable.stderr).toMatch(/the key from AWS_ACCESS_KEY_ID .*unset the variable\.$/m);
    Object.assign(shell.env, { AWS_ACCESS_KEY_ID: undefined, ISOLA_DATA_DIR: shell.cwd });
    const file = join(shell.cwd, 'credentials');
    await writeFile(file, '[default]\naws_access_key_id = A\naws_secret_access_key = b\n');
    const fromFile = await shell.type('list', '--endpoint', endpoint);
    expect(fromFile.stderr).toContain(`the key from ${file} `);
    expect(fromFile.stderr).toContain('set ISOLA_DATA_DIR');
  });

  it('is something else', async () => {
    lambda.override = { status: 200, body: '<html>' };
    expect((await shell.type('list', '--endpoint', endpoint)).stderr).toContain("does not speak Lambda's API");
  });

  it('has a sentence of its own', async () => {
    lambda.override = {
      status: 429,
      headers: { 'x-amzn-errortype': 'TooManyRequestsException' },
      body: { message: 'Later.' },
    };
    expect(await shell.type('list', '--endpoint', endpoint)).toMatchObject({ exitCode: 1, stderr: 'isola: Later.\n' });
  });
});
