import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { SqliteUsageStore } from '../../runtime/store/index.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';
import { createShell, type Shell } from '../cli/command-line.ts';
import { createClient, createFunction, invokeFunction, startTestIsola, type TestIsola } from '../support/isola.ts';
import { startTestProcesses } from '../support/processes.ts';
import { query, readKey } from '../support/query-client.ts';
import { startServer } from '../support/server-process.ts';
import { guest } from '../support/wat.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };

interface Line {
  readonly day: string;
  readonly functionName: string;
  readonly requests: number;
  readonly errors: number;
  readonly billedMs: number;
  readonly gbSeconds: number;
  readonly cost: number;
}

describe('what functions used', () => {
  const closers: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  const start = async (env: Record<string, string> = {}): Promise<TestIsola> => {
    const isola = await startTestIsola({ ISOLA_THREADS: '1', ...env });
    closers.push(() => isola.stop());
    return isola;
  };
  const open = async (url: string, key: { accessKeyId: string; secretAccessKey: string }): Promise<Shell> => {
    const { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY } = key;
    const shell = await createShell({ AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY });
    closers.push(() => shell.remove());
    return shell;
  };
  const read = async (shell: Shell): Promise<readonly Line[]> => {
    const { stdout, stderr } = await shell.type('usage', '--json');
    expect(stderr).toBe('');
    return (JSON.parse(stdout) as { usage: readonly Line[] }).usage;
  };

  it('is read by `isola usage`, with what it costs', async () => {
    const isola = await start({ ISOLA_PRICES: '1000000,1000,EUR' });
    const shell = await open(isola.url, readKey(isola.running.credentialsFile));
    expect((await shell.type('usage')).stdout).toBe('No function was invoked in the last 30 days.\n');
    await isola.create('good', guest('echo'), { MemorySize: 1_024 });
    await isola.create('bad', guest('trap'));
    for (let turn = 0; turn < 3; turn++) await isola.invoke('good', turn);
    await isola.invoke('bad');
    const lines = await read(shell);
    expect(lines).toMatchObject([
      { functionName: 'bad', requests: 1, errors: 1, throttles: 0 },
      { functionName: 'good', requests: 3, errors: 0, throttles: 0, fuel: expect.any(Number) },
    ]);
    for (const { day, billedMs, gbSeconds, requests, cost } of lines) {
      expect(day).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(billedMs).toBeGreaterThanOrEqual(requests);
      expect(cost).toBeCloseTo(requests + gbSeconds * 1_000, 6);
    }
    expect(lines[1]?.gbSeconds).toBeCloseTo((lines[1]?.billedMs ?? 0) / 1_000, 9);
    const { stdout } = await shell.type('usage', '--days', '1');
    expect(stdout.split('\n').map((line) => line.split(/\s{2,}/)[1])).toEqual(
      expect.arrayContaining(['FUNCTION', 'bad', 'good', 'in all']),
    );
    expect(stdout).toContain('Costs in EUR: 1,000,000 for a million requests, 1,000 for a GB-second.');
    await writeFile(join(shell.cwd, 'prices.json'), '{"perMillionRequests":2e6,"perGbSecond":0}');
    const dear = JSON.parse((await shell.type('usage', '--json', '--prices', 'prices.json')).stdout);
    expect(dear).toMatchObject({ prices: { currency: 'USD', perRequest: 2 }, total: { requests: 4, cost: 8 } });
    const metrics = await (await fetch(`${isola.url}/metrics`)).text();
    const counted = /^isola_gb_seconds_total\{function_name="good"\} (\S+)$/m.exec(metrics)?.[1];
    expect(Number(counted)).toBeCloseTo(lines[1]?.gbSeconds ?? 0, 9);
  });

  it.each([
    ['{', 'it must be a JSON object'],
    ['7', 'it must be a JSON object'],
    ['{}', '"perMillionRequests" must be a number from 0 on'],
    ['{"perMillionRequests":1,"perGbSecond":-1}', '"perGbSecond" must be a number from 0 on'],
    ['{"currency":"$","perMillionRequests":1,"perGbSecond":1}', '"currency" must be three capital letters'],
  ])('is not priced by %s', async (text, why) => {
    const shell = await open('http://127.0.0.1:9', { accessKeyId: 'a', secretAccessKey: 'b' });
    await writeFile(join(shell.cwd, 'prices.json'), text);
    const { stderr, exitCode } = await shell.type('usage', '--prices', 'prices.json');
    expect([exitCode, stderr]).toEqual([1, `isola: prices.json is no price list: ${why}.\n`]);
    expect((await shell.type('usage', '--prices', 'none.json')).stderr).toContain('none.json cannot be read (ENOENT)');
  });

  it.each(['0', '401', 'x', '1.5'])('cannot be read of %s days', async (days) => {
    const shell = await open('http://127.0.0.1:9', { accessKeyId: 'a', secretAccessKey: 'b' });
    expect(await shell.type('usage', '--days', days)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--days'),
    });
  });

  it.each(['0', '401', 'x', '1e1', '-1', '%00'])('is refused for %s days by the API', async (days) => {
    const isola = await start({ ISOLA_AUTH: 'off' });
    const answer = await fetch(`${isola.url}/isola/usage?Days=${days}`);
    expect([answer.status, answer.headers.get('x-amzn-errortype')]).toEqual([400, 'ValidationException']);
    expect((await fetch(`${isola.url}/isola/usage/`)).status).toBe(200);
  });

  it('is read by those whom a policy allows isola:GetUsage', async () => {
    const isola = await start();
    const root = readKey(isola.running.credentialsFile);
    await query(isola.url, root, 'iam', 'CreateUser', { UserName: 'alice' });
    const made = await query(isola.url, root, 'iam', 'CreateAccessKey', { UserName: 'alice' });
    const [accessKeyId = '', secretAccessKey = ''] = [made.text('AccessKeyId'), made.text('SecretAccessKey')];
    const shell = await open(isola.url, { accessKeyId, secretAccessKey });
    expect((await shell.type('usage')).stderr).toContain('not authorized to perform: isola:GetUsage');
    const Statement = { Effect: 'Allow', Action: 'isola:GetUsage', Resource: '*' };
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await query(isola.url, root, 'iam', 'PutUserPolicy', { UserName: 'alice', PolicyName: 'p', PolicyDocument });
    expect(await read(shell)).toEqual([]);
  });

  it('is kept over a kill -9, but for the last second, and added up in the next process', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'isola-test-'));
    onTestFinished(() => rmSync(dataDir, { recursive: true }));
    const server = await startServer({ ISOLA_DATA_DIR: dataDir, ISOLA_THREADS: '1' });
    closers.push(() => server.kill());
    const client = createClient(server.url, server.credentialsFile);
    await createFunction(client, 'f', guest('echo'));
    for (let turn = 0; turn < 3; turn++) await invokeFunction(client, 'f');
    const storage = openStorage(join(dataDir, 'isola.db'));
    const written = () => new SqliteUsageStore(storage).read(SCOPE, '');
    await expect.poll(written).toMatchObject([{ functionName: 'f', requests: 3 }]);
    await storage.close();
    await server.kill();
    const isola = await start({ ISOLA_DATA_DIR: dataDir });
    await isola.invoke('f');
    const lines = await read(await open(isola.url, readKey(isola.running.credentialsFile)));
    expect(lines.reduce((sum, { requests }) => sum + requests, 0)).toBe(4);
  });

  it('of several processes is kept by one', async () => {
    const isola = await startTestProcesses();
    closers.push(() => isola.stop());
    const clients = Array.from({ length: 4 }, () => isola.client());
    await createFunction(clients[0]!, 'f', guest('echo'));
    for (const client of clients) await invokeFunction(client, 'f');
    const shell = await open(isola.server.url, readKey(isola.server.credentialsFile));
    const requests = async () => (await read(shell)).reduce((sum, line) => sum + line.requests, 0);
    await expect.poll(requests).toBe(4);
  }, 120_000);
});
