import { UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';

describe('functions through the Lambda API', () => {
  let isola: TestIsola;
  beforeAll(async () => {
    isola = await startTestIsola();
  });
  afterAll(() => isola.stop());

  it('answers a call and decodes its log tail', async () => {
    await isola.create('echo', guest('echo'));
    const answer = await isola.invoke('echo', { hello: 'world' });
    expect(answer).toMatchObject({ status: 200, error: undefined, payload: { hello: 'world' } });
    expect(answer.log).toMatch(/^START RequestId: .*\nEND RequestId: .*\nREPORT RequestId: /);
  });

  it('gives every invocation fresh state, and keeps it on request', async () => {
    await isola.create('fresh', guest('counter'));
    expect([await isola.invoke('fresh'), await isola.invoke('fresh')].map(({ payload }) => payload)).toEqual([1, 1]);
    await isola.create('kept', guest('counter'), { Environment: { Variables: { ISOLA_ISOLATION: 'environment' } } });
    expect([await isola.invoke('kept'), await isola.invoke('kept')].map(({ payload }) => payload)).toEqual([1, 2]);
  });

  const metrics = async () => (await fetch(`${isola.url}/metrics`)).text();

  it('stops a spinning function in time, while its neighbour keeps answering and no thread dies', async () => {
    await isola.create('spin', guest('spin'), { Timeout: 1 });
    await isola.create('neighbour', guest('echo'));
    await isola.invoke('neighbour');
    await expect.poll(metrics).toMatch(/isola_live_threads [2-9]/);
    const began = performance.now();
    const spin = isola.invoke('spin').then((answer) => ({ answer, took: performance.now() - began }));
    let served = 0;
    for (; performance.now() - began < 900; served++) await isola.invoke('neighbour', { served });
    const { answer, took } = await spin;
    expect(answer).toMatchObject({ status: 200, error: 'Unhandled', payload: { errorType: 'Sandbox.Timedout' } });
    expect((answer.payload as { errorMessage: string }).errorMessage).toMatch(/Task timed out after 1\.00 seconds$/);
    expect(took).toBeGreaterThanOrEqual(1000);
    // Behind the spinning call it would be one.
    expect(served).toBeGreaterThan(3);
    expect(await metrics()).not.toMatch(/thread_deaths_total [1-9]/);
  });

  it('takes many calls of many functions at once and mixes none of them up', async () => {
    const names = Array.from({ length: 5 }, (_, index) => `mix-${index}`);
    for (const name of names) await isola.create(name, guest('echo'));
    const calls = Array.from({ length: 400 }, async (_, index) => {
      const name = names[index % names.length] as string;
      const { payload } = await isola.invoke(name, { name, index });
      return JSON.stringify(payload) === JSON.stringify({ name, index });
    });
    expect((await Promise.all(calls)).every(Boolean)).toBe(true);
  });

  it('applies a new environment to the next call', async () => {
    await isola.create('settings', guest('counter'), {
      Environment: { Variables: { ISOLA_ISOLATION: 'environment' } },
    });
    await isola.invoke('settings');
    await isola.client.send(
      new UpdateFunctionConfigurationCommand({ FunctionName: 'settings', Environment: { Variables: {} } }),
    );
    expect([await isola.invoke('settings'), await isola.invoke('settings')].map(({ payload }) => payload)).toEqual([
      1, 1,
    ]);
  });

  it.each([
    ['trap', 'Runtime.ExitError'],
    ['recurse', 'Runtime.ExitError'],
    ['balloon', 'Runtime.ExitError'],
    ['huge-result', 'Function.ResponseSizeTooLarge'],
  ])('answers %s as a function error of type %s', async (name, errorType) => {
    await isola.create(name, guest(name));
    expect(await isola.invoke(name)).toMatchObject({ status: 200, error: 'Unhandled', payload: { errorType } });
  });

  it.each([
    ['unknown-import', /launch_missiles/],
    ['greedy', /256 MB/],
  ])('refuses to create %s, in words', async (name, words) => {
    await expect(isola.create(name, guest(name))).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringMatching(words),
    });
  });
});
