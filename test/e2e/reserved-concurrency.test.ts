import {
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetAccountSettingsCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutProvisionedConcurrencyConfigCommand,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createClient, createFunction, invokeFunction, startTestIsola, type TestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';

const FunctionName = 'f';
let isola: TestIsola;
const reserve = (ReservedConcurrentExecutions: number, name = FunctionName) =>
  isola.client.send(new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions }));
const lift = () => isola.client.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
const limits = async () => (await isola.client.send(new GetAccountSettingsCommand({}))).AccountLimit;
const running = async () =>
  Number(/^isola_concurrent_executions (\d+)$/m.exec(await (await fetch(`${isola.url}/metrics`)).text())?.[1]);

const THROTTLED = {
  name: 'TooManyRequestsException',
  message: 'Rate Exceeded.',
  Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
  retryAfterSeconds: '1',
  $metadata: { httpStatusCode: 429 },
};

describe('reserved concurrency', () => {
  beforeEach(async () => {
    isola = await startTestIsola({ ISOLA_THREADS: '2', ISOLA_CONCURRENCY: '110' });
  });
  afterEach(() => isola.stop());

  it('of nothing refuses every call, by API and by URL, until it is lifted', async () => {
    await isola.create(FunctionName, guest('counter'));
    const url = await isola.openUrl(FunctionName);
    expect(await reserve(0)).toMatchObject({ $metadata: { httpStatusCode: 200 }, ReservedConcurrentExecutions: 0 });
    await expect(isola.invoke(FunctionName)).rejects.toMatchObject(THROTTLED);
    const visit = await fetch(`${isola.url}/url/${FunctionName}/`);
    expect([url.length > 0, visit.status, visit.headers.get('retry-after')]).toEqual([true, 429, '1']);
    for (let round = 0; round < 2; round++) expect((await lift()).$metadata.httpStatusCode).toBe(204);
    expect((await isola.invoke(FunctionName)).payload).toBe(1);
  });

  it('of one lets one call in at a time, whatever its version, and leaves other functions alone', async () => {
    await isola.create(FunctionName, guest('sleeper'), { Timeout: 5 });
    await isola.create('other', guest('counter'));
    await isola.client.send(new PublishVersionCommand({ FunctionName }));
    await reserve(1);
    const waiting = isola.invoke(FunctionName);
    await expect.poll(running).toBe(1);
    for (const name of [FunctionName, `${FunctionName}:1`]) {
      await expect(isola.invoke(name)).rejects.toMatchObject(THROTTLED);
    }
    expect((await isola.invoke('other')).payload).toBe(1);
    expect((await waiting).error).toBe('Unhandled');
    const next = isola.invoke(`${FunctionName}:1`);
    await expect.poll(running).toBe(1);
    expect((await next).error).toBe('Unhandled');
  });

  it('is read where AWS shows it, counts against the account, and is there after a restart', async () => {
    await isola.create(FunctionName, guest('counter'));
    expect(await limits()).toMatchObject({ ConcurrentExecutions: 110, UnreservedConcurrentExecutions: 110 });
    const read = new GetFunctionConcurrencyCommand({ FunctionName });
    expect((await isola.client.send(read)).ReservedConcurrentExecutions).toBeUndefined();
    await reserve(7);
    expect(await isola.client.send(read)).toMatchObject({ ReservedConcurrentExecutions: 7 });
    const { Concurrency } = await isola.client.send(new GetFunctionCommand({ FunctionName }));
    expect(Concurrency).toEqual({ ReservedConcurrentExecutions: 7 });
    expect(await limits()).toMatchObject({ ConcurrentExecutions: 110, UnreservedConcurrentExecutions: 103 });
    await reserve(0);
    await isola.running.stop();
    const again = await startTestIsola({ ISOLA_THREADS: '2', ISOLA_DATA_DIR: isola.dataDir });
    await expect(again.invoke(FunctionName)).rejects.toMatchObject(THROTTLED);
    await again.client.send(new DeleteFunctionCommand({ FunctionName }));
    await again.create(FunctionName, guest('counter'));
    expect((await again.invoke(FunctionName)).payload).toBe(1);
    await again.stop();
  });

  it('leaves an account a hundred, even when two functions ask at once', async () => {
    await isola.create(FunctionName, guest('counter'));
    await isola.create('g', guest('counter'));
    const answers = await Promise.allSettled([reserve(6), reserve(6, 'g')]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(reserve(11)).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message:
        "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
    });
  });

  it('holds what is provisioned', async () => {
    await isola.create(FunctionName, guest('counter'));
    await isola.client.send(new PublishVersionCommand({ FunctionName }));
    const provision = (ProvisionedConcurrentExecutions: number) =>
      isola.client.send(
        new PutProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: '1', ProvisionedConcurrentExecutions }),
      );
    await provision(2);
    await expect(reserve(1)).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message:
        " ReservedConcurrentExecutions  1 should not be lower than function's total provisioned concurrency [2].",
    });
    await reserve(3);
    await expect(provision(4)).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message:
        'Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function',
    });
    await provision(3);
  });

  it.each([
    ['missing', 1, 'ResourceNotFoundException', /^Function not found: .*:function:missing:\$LATEST$/],
    [`${FunctionName}:1`, 1, 'InvalidParameterValueException', /^This operation is permitted on Lambda functions only/],
    [FunctionName, -1, 'ValidationException', /at 'reservedConcurrentExecutions' .* greater than or equal to 0/],
  ])('is refused for %s and %i', async (name, count, error, message) => {
    await isola.create(FunctionName, guest('counter'));
    await expect(reserve(count, name)).rejects.toMatchObject({ name: error, message: expect.stringMatching(message) });
  });
});

describe("an account's concurrency", () => {
  it('bounds its functions together, and not those of another region', async () => {
    const small = await startTestIsola({ ISOLA_THREADS: '2', ISOLA_CONCURRENCY: '1' });
    onTestFinished(() => small.stop());
    await small.create('slow', guest('sleeper'), { Timeout: 5 });
    await small.create('quick', guest('counter'));
    const abroad = createClient(small.url, small.running.credentialsFile, 'eu-west-1');
    onTestFinished(() => abroad.destroy());
    await createFunction(abroad, 'quick', guest('counter'));
    const waiting = small.invoke('slow');
    const metrics = async () => (await fetch(`${small.url}/metrics`)).text();
    await expect.poll(metrics).toMatch(/^isola_concurrent_executions 1$/m);
    await expect(small.invoke('quick')).rejects.toMatchObject({
      ...THROTTLED,
      Reason: 'ConcurrentInvocationLimitExceeded',
    });
    expect((await invokeFunction(abroad, 'quick')).payload).toBe(1);
    await waiting;
    expect((await small.invoke('quick')).payload).toBe(1);
  });
});
