import { PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';

const TIMEOUT_SECONDS = 5;
let isola: TestIsola;
let ended: number;
let calls: Promise<unknown>[];
beforeEach(() => {
  ended = 0;
  calls = [];
});
afterEach(async () => {
  await Promise.all(calls);
  await isola.stop();
});

const invoke = async (name: string, event: number): Promise<{ status: number; text: string }> => {
  const path = `/2015-03-31/functions/${name}/invocations`;
  const response = await fetch(isola.url + path, { method: 'POST', body: String(event) });
  return { status: response.status, text: await response.text() };
};
const call = (name: string): void => {
  calls.push(invoke(name, 0).finally(() => ended++));
};
const running = async () =>
  Number(/^isola_concurrent_executions (\d+)$/m.exec(await (await fetch(`${isola.url}/metrics`)).text())?.[1]);

const start = async (waiting = 64): Promise<void> => {
  isola = await startTestIsola({ ISOLA_THREADS: '2', ISOLA_WAITING: String(waiting), ISOLA_AUTH: 'off' });
};

/** Functions that spin until their time is up, called so many times together. */
async function spin(count: number, functions: number): Promise<void> {
  const names = Array.from({ length: functions }, (_, index) => `hostile-${index}`);
  for (const name of names) await isola.create(name, guest('spin'), { Timeout: TIMEOUT_SECONDS });
  for (let index = 0; index < count; index++) call(names[index % functions] as string);
}

describe('while calls spin', () => {
  it('a quick function is answered, beside sixty-four of eight functions', async () => {
    await start();
    await isola.create('quiet', guest('echo'));
    expect((await invoke('quiet', 0)).text).toBe('0');
    await spin(64, 8);
    for (let event = 1; event <= 20; event++) expect((await invoke('quiet', event)).text).toBe(String(event));
    expect(ended).toBeLessThan(32);
  }, 120_000);

  it('a function that nobody has called yet is answered, and so is one that is reserved', async () => {
    await start();
    await isola.create('new', guest('counter'));
    await isola.create('reserved', guest('echo'));
    await isola.client.send(
      new PutFunctionConcurrencyCommand({ FunctionName: 'reserved', ReservedConcurrentExecutions: 1 }),
    );
    await spin(24, 8);
    await expect.poll(running).toBeGreaterThan(2);
    expect((await invoke('new', 0)).text).toBe('1');
    expect((await invoke('reserved', 7)).text).toBe('7');
    expect(ended).toBeLessThan(24);
  }, 120_000);

  it('a function has as many as it leaves for others, and the others get in', async () => {
    await start(2);
    await isola.create('other', guest('sleeper'), { Timeout: 3 });
    await spin(3, 1);
    await expect.poll(running).toBe(2);
    call('other');
    await expect.poll(running).toBe(3);
  }, 120_000);
});
