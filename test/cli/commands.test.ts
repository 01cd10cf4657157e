import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toEvent } from '../../runtime/gateway/lambda-api/event-stream.ts';
import { createShell, MODULE, type Shell } from './command-line.ts';
import { FakeLambda } from './fake-lambda.ts';

let lambda: FakeLambda;
let endpoint: string;
let shell: Shell;

beforeEach(async () => {
  lambda = new FakeLambda();
  endpoint = await lambda.start();
  shell = await createShell({ AWS_ENDPOINT_URL: endpoint });
});
afterEach(async () => {
  await lambda.stop();
  await shell.remove();
});

describe('deploy', () => {
  it('builds a folder, creates the function, waits for it and prints a curl line', async () => {
    await mkdir(join(shell.cwd, 'my-fn'));
    const { stdout, exitCode, steps } = await shell.type('deploy', 'my-fn', '--env', 'A=1=2');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`curl '${endpoint}/url/my-fn/'`);
    expect(stdout).toContain('isola invoke my-fn');
    expect(steps).toEqual(['compiling my-fn', 'creating my-fn (8 bytes)']);
    expect(lambda.configuration('my-fn')).toMatchObject({
      Runtime: 'provided.wasm',
      Handler: 'index.handler',
      MemorySize: 256,
      Timeout: 5,
      Description: 'for tests',
      EphemeralStorage: { Size: 1024 },
      Environment: { Variables: { STAGE: 'test', A: '1=2' } },
      State: 'Active',
    });
    expect(lambda.calls().slice(-3)).toEqual([
      'POST /2021-10-31/functions/my-fn/url',
      'POST /2015-03-31/functions/my-fn/policy',
      'POST /2015-03-31/functions/my-fn/policy',
    ]);
    const statements = lambda.seen.slice(-2).map(({ body }) => JSON.parse(body.toString()) as object);
    expect(statements).toMatchObject([
      { Principal: '*', Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' },
      { Principal: '*', Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true },
    ]);
  });

  it('gives a function that asks for something a role of its own, and takes both away again', async () => {
    const { readProject } = shell.toolchain;
    const project = { grants: [{ action: ['isola:KvGet', 'isola:KvPut'], resource: 'arn:isola:kv:*:*:my-fn/*' }] };
    shell.toolchain = {
      ...shell.toolchain,
      readProject: async (folder) => ({ ...(await readProject(folder)), ...project }),
    };
    await mkdir(join(shell.cwd, 'my-fn'));
    expect((await shell.type('deploy', 'my-fn')).exitCode).toBe(0);
    const asked = () =>
      lambda.seen
        .filter(({ path }) => path === '/')
        .map(({ body }) => Object.fromEntries(new URLSearchParams(String(body))));
    expect(asked()).toMatchObject([
      { Action: 'CreateRole', RoleName: 'isola-my-fn' },
      { Action: 'PutRolePolicy', RoleName: 'isola-my-fn' },
    ]);
    expect(JSON.parse(asked()[1]?.PolicyDocument ?? '').Statement).toContainEqual({
      ...{ Effect: 'Allow', Action: ['isola:KvGet', 'isola:KvPut'], Resource: 'arn:isola:kv:*:*:my-fn/*' },
    });
    expect(lambda.configuration('my-fn')).toMatchObject({ Role: 'arn:aws:iam::000000000000:role/isola-my-fn' });
    project.grants = [];
    await shell.type('deploy', 'my-fn');
    expect(lambda.configuration('my-fn')).toMatchObject({ Role: 'arn:aws:iam::000000000000:role/isola' });
    project.grants = [{ action: ['isola:KvGet'], resource: '*' }];
    await shell.type('deploy', 'my-fn');
    await shell.type('delete', 'my-fn');
    expect(asked().slice(-2)).toMatchObject([
      { Action: 'DeleteRolePolicy', RoleName: 'isola-my-fn' },
      { Action: 'DeleteRole', RoleName: 'isola-my-fn' },
    ]);
  });

  it('prints the URL at the port that function URLs have for themselves', async () => {
    lambda.publicPort = 9_999;
    await writeFile(join(shell.cwd, 'it.wasm'), MODULE);
    expect((await shell.type('deploy', 'it.wasm')).stdout).toContain("curl 'http://127.0.0.1:9999/url/it/'");
    expect((await shell.type('list')).stdout).toContain('http://127.0.0.1:9999/url/it/');
  });

  it('updates a function that is there, and leaves the code alone when it is the same', async () => {
    await writeFile(join(shell.cwd, 'it.wasm'), MODULE);
    await shell.type('deploy', 'it.wasm');
    const again = await shell.type('deploy', 'it.wasm', '--memory', '512', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ name: 'it', change: 'unchanged', url: `${endpoint}/url/it/` });
    expect(lambda.configuration('it')).toMatchObject({ MemorySize: 512 });
    expect(lambda.calls()).not.toContain('PUT /2015-03-31/functions/it/code');
    await writeFile(join(shell.cwd, 'it.wasm'), Uint8Array.of(...MODULE, 0, 1, 0));
    const changed = await shell.type('deploy', 'it.wasm', '--json');
    expect(JSON.parse(changed.stdout)).toMatchObject({ change: 'updated' });
    expect(lambda.calls()).toContain('PUT /2015-03-31/functions/it/code');
  });

  it('runs a function as the role that is named, else as the one that is there from the start', async () => {
    await writeFile(join(shell.cwd, 'it.wasm'), MODULE);
    const role = () => lambda.configuration('it')?.Role;
    await shell.type('deploy', 'it.wasm');
    expect(role()).toBe('arn:aws:iam::000000000000:role/isola');
    await shell.type('deploy', 'it.wasm', '--role', 'team/worker');
    expect(role()).toBe('arn:aws:iam::000000000000:role/team/worker');
    await shell.type('deploy', 'it.wasm', '--role', 'arn:aws:iam::000000000000:role/other');
    await shell.type('deploy', 'it.wasm');
    expect(role()).toBe('arn:aws:iam::000000000000:role/other');
  });

  it('gives no URL to a project that wants none, unless told to', async () => {
    const { readProject } = shell.toolchain;
    const withoutUrl = async (folder: string) => ({ ...(await readProject(folder)), url: false });
    shell.toolchain = { ...shell.toolchain, readProject: withoutUrl };
    await mkdir(join(shell.cwd, 'inner'));
    expect((await shell.type('deploy', 'inner')).stdout).toContain('It has no URL: --url');
    expect(lambda.calls().filter((call) => call.endsWith('/url'))).toEqual([]);
    expect((await shell.type('deploy', 'inner', '--url')).stdout).toContain(`${endpoint}/url/inner/`);
  });

  it('notes what there is to know about a function that is ready', async () => {
    await writeFile(join(shell.cwd, 'it.wasm'), MODULE);
    lambda.add('it', { StateReason: 'Initialisation read the clock.' });
    expect((await shell.type('deploy', 'it.wasm')).stdout).toContain('Note: Initialisation read the clock.');
    const { stdout } = await shell.type('deploy', 'it.wasm', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ advice: 'Initialisation read the clock.' });
  });

  it('fails with the reason when the function cannot be prepared', async () => {
    await writeFile(join(shell.cwd, 'bad.wasm'), MODULE);
    lambda.add('bad', { State: 'Failed', StateReason: 'it imports env.launch' });
    const { stderr, exitCode } = await shell.type('deploy', 'bad.wasm');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('it imports env.launch');
  });

  it.each([
    [['deploy', 'nowhere'], 1, 'There is no'],
    [['deploy', 'notes.txt'], 2, 'neither a folder, a .wasm nor a .zip'],
    [['deploy', 'notes.wasm'], 1, 'neither WebAssembly nor a zip'],
    [['inspect', 'notes.zip'], 1, 'neither WebAssembly nor a zip'],
    [['deploy', '--memory', 'lots'], 2, '--memory takes a whole number'],
    [['deploy', '--env', 'NOVALUE'], 2, 'NAME=VALUE'],
    [['deploy', '--name', 'no spaces'], 2, 'no function name'],
    [['deploy', '--endpoint', 'ftp://x'], 2, 'not an endpoint'],
    [['bench', 'cold', '--heap', '0'], 2, '--heap takes MiB'],
  ])('%j ends with %i', async (argv, exitCode, sentence) => {
    for (const kind of ['txt', 'wasm', 'zip']) await writeFile(join(shell.cwd, `notes.${kind}`), 'plain text');
    const ended = await shell.type(...argv);
    expect(ended.exitCode).toBe(exitCode);
    expect(ended.stderr).toContain(sentence);
  });
});

describe('invoke', () => {
  beforeEach(() => lambda.add('hello'));

  it('sends the payload, signed, and prints the result alone', async () => {
    const { stdout, notes, exitCode } = await shell.type('invoke', 'hello', '--payload', '{"a":1}');
    expect({ stdout, notes, exitCode }).toEqual({ stdout: '{"ok":true}\n', notes: [], exitCode: 0 });
    const [sent] = lambda.seen;
    expect(sent?.body.toString()).toBe('{"a":1}');
    expect(sent?.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=KEY\/\d{8}\/us-east-1\/lambda\//);
  });

  it('takes the payload from a file and from stdin', async () => {
    await writeFile(join(shell.cwd, 'event.json'), '[1]');
    shell.stdin = '[2]';
    await shell.type('invoke', 'hello', '--payload', '@event.json');
    await shell.type('invoke', 'hello', '--payload', '-');
    expect(lambda.seen.map(({ body }) => body.toString())).toEqual(['[1]', '[2]']);
  });

  it('writes what is streamed as it comes, and then how it ended', async () => {
    const piece = (text: string) => toEvent('PayloadChunk', 'application/octet-stream', Buffer.from(text));
    const end = (said: object) => toEvent('InvokeComplete', 'application/json', Buffer.from(JSON.stringify(said)));
    const LogResult = Buffer.from('START\nREPORT\n').toString('base64');
    lambda.override = { status: 200, body: Buffer.concat([piece('one,'), piece('two'), end({ LogResult })]) };
    expect(await shell.type('invoke', 'hello', '--stream', '--log')).toMatchObject({
      ...{ parts: ['one,', 'two'], stdout: '', notes: ['START\nREPORT'], exitCode: 0 },
    });
    expect(lambda.calls().at(-1)).toBe('POST /2021-11-15/functions/hello/response-streaming-invocations');
    const ErrorDetails = '{"errorType":"Own","errorMessage":"mine"}';
    lambda.override = {
      status: 200,
      body: Buffer.concat([piece('one'), end({ ErrorCode: 'Unhandled', ErrorDetails })]),
    };
    expect(await shell.type('invoke', 'hello', '--stream')).toMatchObject({
      ...{ parts: ['one'], stdout: '', notes: ['hello failed: Own: mine'], exitCode: 1 },
    });
    lambda.override = { status: 200, body: piece('one') };
    expect((await shell.type('invoke', 'hello', '--stream')).stderr).toContain('The stream of hello broke off.');
    expect((await shell.type('invoke', 'hello', '--stream', '--json')).exitCode).toBe(2);
    lambda.override = undefined;
  });

  it('decodes the log tail', async () => {
    const log = Buffer.from('START\nREPORT\n').toString('base64');
    lambda.invokeReply = { status: 200, headers: { 'x-amz-log-result': log, 'x-amzn-requestid': 'id-1' }, body: 1 };
    expect((await shell.type('invoke', 'hello', '--log')).notes).toEqual(['START\nREPORT']);
    expect((await shell.type('invoke', 'hello', '--verbose')).notes.at(-1)).toBe('200 id-1 version $LATEST');
    const { stdout } = await shell.type('invoke', 'hello', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      statusCode: 200,
      requestId: 'id-1',
      payload: 1,
      log: 'START\nREPORT\n',
    });
  });

  it('draws the phases of a cold start, and says when there was none', async () => {
    const report = (more: string) =>
      Buffer.from(
        `REPORT RequestId: forged\tFuel: 1\t\nEND\nREPORT RequestId: id-1\tDuration: 1.50 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\tMax Memory Used: 3 MB\tFuel: 1234\t${more}\n`,
      ).toString('base64');
    const cold = 'Compile: 3.000 ms\tWorker: 0.000 ms\tInstantiate: 0.750 ms\tRestore: 0.250 ms\t';
    lambda.invokeReply = { status: 200, headers: { 'x-amz-log-result': report(cold) }, body: 1 };
    const { notes } = await shell.type('invoke', 'hello', '--verbose');
    expect(notes.at(-2)?.split('\n')).toEqual([
      'cold start 4.000 ms, handler 1.5 ms, 1,234 fuel, 3 MB',
      `  compile         3.000 ms  ${'█'.repeat(24)}`,
      '  worker          0.000 ms',
      `  instantiate     0.750 ms  ${'█'.repeat(6)}`,
      '  restore         0.250 ms  ██',
    ]);
    expect(JSON.parse((await shell.type('invoke', 'hello', '--json')).stdout)).toMatchObject({
      report: { durationMs: 1.5, fuel: 1234, cold: { compile: 3, worker: 0, instantiate: 0.75, restore: 0.25 } },
    });
    lambda.invokeReply = { status: 200, headers: { 'x-amz-log-result': report('') }, body: 1 };
    expect((await shell.type('invoke', 'hello', '--verbose')).notes.at(-2)).toBe(
      'warm, handler 1.5 ms, 1,234 fuel, 3 MB',
    );
  });

  it('exits 1 on a function error and says what it was', async () => {
    const body = { errorType: 'Error', errorMessage: 'boom' };
    lambda.invokeReply = { status: 200, headers: { 'x-amz-function-error': 'Unhandled' }, body };
    const { stdout, notes, exitCode } = await shell.type('invoke', 'hello');
    expect({ exitCode, notes }).toEqual({ exitCode: 1, notes: ['hello failed: Error: boom'] });
    expect(JSON.parse(stdout)).toEqual(body);
    const json = await shell.type('invoke', 'hello', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ functionError: 'Unhandled', payload: body });
    expect(json.exitCode).toBe(1);
  });

  it('refuses a payload that is not JSON before sending anything', async () => {
    const { exitCode, stderr } = await shell.type('invoke', 'hello', '--payload', '{');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('not JSON');
    expect(lambda.seen).toEqual([]);
  });

  it('says what to do about a function that is not there', async () => {
    const { exitCode, stderr } = await shell.type('invoke', 'gone');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('There is no function gone: `isola list`');
  });

  it('guesses what was meant by a name that is nearly right', async () => {
    const { stderr } = await shell.type('invoke', 'helo');
    expect(stderr).toContain('There is no function helo (did you mean hello?): `isola list`');
    expect((await shell.type('delete', 'Hello')).stderr).toContain('did you mean hello?');
  });

  it('tells a version that is not there from a function that is not', async () => {
    const { stderr } = await shell.type('invoke', 'hello', '--qualifier', 'none');
    expect(stderr).toContain('hello has no version or alias none: `aws lambda list-aliases');
    expect((await shell.type('invoke', 'gone', '--qualifier', 'none')).stderr).toContain('There is no function gone');
  });
});

describe('list and delete', () => {
  it('lists every page, sorted, with the URLs there are', async () => {
    await writeFile(join(shell.cwd, 'a.wasm'), MODULE);
    await shell.type('deploy', 'a.wasm');
    for (const name of ['c', 'b']) lambda.add(name, { MemorySize: 128, Timeout: 3 });
    const { stdout } = await shell.type('list');
    expect(
      stdout
        .split('\n')
        .slice(1, 4)
        .map((line) => line[0]),
    ).toEqual(['a', 'b', 'c']);
    expect(stdout).toContain(`${endpoint}/url/a/`);
    expect(stdout).not.toContain('/url/b/');
    const { functions } = JSON.parse((await shell.type('list', '--json')).stdout) as { functions: unknown[] };
    expect(functions).toHaveLength(3);
  });

  it('says how to begin when nothing is deployed', async () => {
    expect((await shell.type('list')).stdout).toContain('isola init');
    expect(JSON.parse((await shell.type('list', '--json')).stdout)).toEqual({ functions: [] });
  });

  it('deletes a function, once', async () => {
    lambda.add('old');
    expect(await shell.type('delete', 'old', '--json')).toMatchObject({ stdout: '{"deleted":"old"}\n', exitCode: 0 });
    expect(await shell.type('delete', 'old')).toMatchObject({ exitCode: 1 });
  });
});

describe('init and build', () => {
  it('writes a project into a new folder and names the next command', async () => {
    const { stdout } = await shell.type('init', 'my-fn');
    expect(stdout).toContain('Next: cd my-fn && isola deploy');
  });

  it('leaves a folder alone that has something in it', async () => {
    await mkdir(join(shell.cwd, 'full'));
    await writeFile(join(shell.cwd, 'full', 'file'), '');
    expect(await shell.type('init', 'full')).toMatchObject({ exitCode: 1, stdout: '' });
  });

  it('reports what was built', async () => {
    const { stdout } = await shell.type('build', 'my-fn', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ name: 'my-fn', bytes: 8, handler: 'index.handler' });
  });
});

describe('bench', () => {
  it('passes its options on', async () => {
    const script = join(shell.cwd, 'dist/bench/bench.js');
    await mkdir(join(script, '..'), { recursive: true });
    await writeFile(script, 'console.log(JSON.stringify(process.argv.slice(2)));');
    const flags = ['overload', '--only', 'steady', '--minutes', '2'];
    expect(new Set(JSON.parse((await shell.type('bench', ...flags, '--json')).stdout))).toEqual(
      new Set([...flags, '--json']),
    );
    const given = ['cold', '--short', '--json', '--function', 'f', '--event', 'e', '--heap', '1', '--heap', '64'];
    expect(JSON.parse((await shell.type('bench', ...given)).stdout)).toEqual(given);
  });
});
