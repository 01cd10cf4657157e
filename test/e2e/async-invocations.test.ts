import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  InvokeAsyncCommand,
  InvokeCommand,
  type LambdaClient,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SqliteEventQueue } from '../../runtime/store/sqlite/sqlite-event-queue.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';
import { createClient, createFunction, startTestIsola, type TestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';

const send = (client: LambdaClient, FunctionName: string, event: unknown = {}, more = {}) =>
  client.send(
    new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(event)), ...more }),
  );

/** A metric's value; undefined when it has never been counted. */
async function metric(url: string, name: string): Promise<number | undefined> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}

describe('an invocation of type Event', () => {
  let isola: TestIsola;
  beforeAll(async () => {
    isola = await startTestIsola({ ISOLA_THREADS: '2', ISOLA_ASYNC_RETRY_DELAYS: '0.05,0.1' });
    await isola.create('known', guest('echo'));
  });
  afterAll(() => isola.stop());

  const ended = (name: string, ending: string) =>
    metric(isola.url, `isola_async_events_total{function_name="${name}",ending="${ending}"}`);
  const ran = (name: string) => metric(isola.url, `isola_invocations_total{function_name="${name}"}`);

  it('is accepted at once and runs once', async () => {
    await isola.create('once', guest('echo'));
    const { StatusCode, Payload, ExecutedVersion, FunctionError } = await send(isola.client, 'once', { a: 1 });
    expect({ StatusCode, ExecutedVersion, FunctionError }).toEqual({ StatusCode: 202 });
    expect(Payload ?? []).toHaveLength(0);
    await expect.poll(() => ended('once', 'Success')).toBe(1);
    expect(await ran('once')).toBe(1);
    expect(await metric(isola.url, 'isola_async_queued_events')).toBe(0);
  });

  it('is tried again exactly twice when its function fails', async () => {
    await isola.create('failing', guest('trap'));
    await send(isola.client, 'failing');
    await expect.poll(() => ended('failing', 'RetriesExhausted')).toBe(1);
    expect(await ran('failing')).toBe(3);
  });

  it('is tried again as often as its function says', async () => {
    const FunctionName = 'configured';
    await isola.create(FunctionName, guest('trap'));
    await isola.client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 0 }));
    await send(isola.client, FunctionName);
    await expect.poll(() => ended(FunctionName, 'RetriesExhausted')).toBe(1);
    expect(await ran(FunctionName)).toBe(1);
  });

  it('is given up at once where nothing may run', async () => {
    const FunctionName = 'stopped';
    await isola.create(FunctionName, guest('echo'));
    const none = new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 });
    await isola.client.send(none);
    await send(isola.client, FunctionName);
    await expect.poll(() => ended(FunctionName, 'RetriesExhausted')).toBe(1);
    expect(await ran(FunctionName)).toBeUndefined();
  });

  it('waits while callers have all that is reserved, and runs after them', async () => {
    const FunctionName = 'busy';
    await isola.create(FunctionName, guest('sleeper'), { Timeout: 1 });
    await isola.client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 0 }));
    await isola.client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 1 }));
    const calling = isola.invoke(FunctionName);
    await expect.poll(() => metric(isola.url, 'isola_concurrent_executions')).toBe(1);
    await send(isola.client, FunctionName);
    const throttles = () => metric(isola.url, `isola_throttles_total{function_name="${FunctionName}"}`);
    await expect.poll(throttles).toBeGreaterThanOrEqual(1);
    await calling;
    await expect.poll(() => ended(FunctionName, 'RetriesExhausted')).toBe(1);
    expect(await ran(FunctionName)).toBe(2);
  });

  it('may come by InvokeAsync too', async () => {
    await isola.create('old', guest('echo'));
    const { Status } = await isola.client.send(new InvokeAsyncCommand({ FunctionName: 'old', InvokeArgs: '{}' }));
    expect(Status).toBe(202);
    await expect.poll(() => ended('old', 'Success')).toBe(1);
  });

  it.each([
    ['missing', {}, 'ResourceNotFoundException', 404],
    ['known', { Qualifier: '7' }, 'ResourceNotFoundException', 404],
    ['known', { Payload: Buffer.from('{') }, 'InvalidRequestContentException', 400],
    ['known', { Payload: Buffer.from(`"${'x'.repeat(1_048_576)}"`) }, 'RequestEntityTooLargeException', 413],
  ])('is refused for %s with %j', async (name, more, error, status) => {
    await expect(send(isola.client, name, {}, more)).rejects.toMatchObject({
      name: error,
      $metadata: { httpStatusCode: status },
    });
  });
});

describe('events of a process that is killed', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'isola-events-'));
  const children: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) if (child.exitCode === null && child.signalCode === null) await kill(child);
  });
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  /** A process, and the request ids of what it has run. */
  async function serve() {
    const env = {
      ...process.env,
      ...{ ISOLA_DATA_DIR: dataDir, ISOLA_PORT: '0', ISOLA_THREADS: '4', ISOLA_LOG: 'json' },
      ISOLA_ASYNC_RETRY_DELAYS: '0,0',
    };
    const child = spawn(process.execPath, ['dist/test/support/serve.js'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
    });
    const greeting = () => text.split('\n').find((line) => line.startsWith('{"url"'));
    await expect.poll(greeting).toBeDefined();
    const ran = () =>
      new Set([...text.matchAll(/"type":"platform\.report".*?"requestId":"([^"]+)"/g)].map(([, id]) => id));
    return { child, ran, ...(JSON.parse(greeting() as string) as { url: string; credentialsFile: string }) };
  }

  async function kill(child: ChildProcess): Promise<void> {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  it('run in the next one, each that was left', async () => {
    const first = await serve();
    const client = createClient(first.url, first.credentialsFile);
    await createFunction(client, 'slow', guest('sleeper'), { Timeout: 1 });
    await createFunction(client, 'quick', guest('echo'));
    await client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: 'slow', MaximumRetryAttempts: 0 }));
    const sent = Array.from({ length: 40 }, (_, index) => send(client, index < 10 ? 'slow' : 'quick', { index }));
    await Promise.all(sent);
    await kill(first.child);
    client.destroy();
    const storage = openStorage(join(dataDir, 'isola.db'));
    const left = (await new SqliteEventQueue(storage).page(0, 100)).map(({ requestId }) => requestId);
    await storage.close();
    expect(left.length).toBeGreaterThan(0);

    const second = await serve();
    await expect.poll(() => left.filter((id) => !second.ran().has(id))).toEqual([]);
    await expect.poll(() => metric(second.url, 'isola_async_queued_events')).toBe(0);
  });
});
