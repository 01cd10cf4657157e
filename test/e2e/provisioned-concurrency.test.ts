import {
  CreateAliasCommand,
  DeleteProvisionedConcurrencyConfigCommand,
  GetProvisionedConcurrencyConfigCommand,
  ListProvisionedConcurrencyConfigsCommand,
  PublishVersionCommand,
  PutProvisionedConcurrencyConfigCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';

const FunctionName = 'f';
let isola: TestIsola;
beforeEach(async () => {
  isola = await startTestIsola({ ISOLA_THREADS: '2', ISOLA_ISOLATES: '40' });
  await isola.create(FunctionName, guest('counter'));
  await isola.client.send(new PublishVersionCommand({ FunctionName }));
});
afterEach(() => isola.stop());

const put = (Qualifier: string, ProvisionedConcurrentExecutions: number) =>
  isola.client.send(
    new PutProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier, ProvisionedConcurrentExecutions }),
  );
const get = (Qualifier: string) =>
  isola.client.send(new GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier }));
const statusOf = async (qualifier: string) => (await get(qualifier)).Status;

describe('provisioned concurrency', () => {
  it('keeps isolates restored, so that calls have no init duration, and survives a restart', async () => {
    expect(await put('1', 3)).toMatchObject({
      $metadata: { httpStatusCode: 202 },
      RequestedProvisionedConcurrentExecutions: 3,
      AvailableProvisionedConcurrentExecutions: 0,
      Status: 'IN_PROGRESS',
      LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+\+0000$/),
    });
    await expect.poll(() => statusOf('1')).toBe('READY');
    expect(await get('1')).toMatchObject({
      AllocatedProvisionedConcurrentExecutions: 3,
      AvailableProvisionedConcurrentExecutions: 3,
    });
    for (let round = 0; round < 4; round++) {
      const { payload, log } = await isola.invoke('f:1');
      expect(payload).toBe(1);
      expect(log).not.toContain('Init Duration');
    }
    expect((await isola.invoke('f')).log).toContain('Init Duration');
  });

  it('is there again after a restart', async () => {
    await put('1', 2);
    const { dataDir } = isola;
    await isola.running.stop();
    const again = await startTestIsola({ ISOLA_THREADS: '2', ISOLA_DATA_DIR: dataDir });
    const read = new GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: '1' });
    await expect.poll(async () => (await again.client.send(read)).Status).toBe('READY');
    await again.stop();
  });

  it('follows its alias to another version', async () => {
    await isola.client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description: 'two' }));
    await isola.client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 9 }));
    await isola.client.send(new PublishVersionCommand({ FunctionName }));
    await isola.client.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '2' }));
    await put('live', 2);
    await expect.poll(() => statusOf('live')).toBe('READY');
    expect((await isola.invoke('f:live')).log).not.toContain('Init Duration');
    await expect(put('2', 1)).rejects.toMatchObject({ name: 'ResourceConflictException' });
    const { ProvisionedConcurrencyConfigs: all } = await isola.client.send(
      new ListProvisionedConcurrencyConfigsCommand({ FunctionName }),
    );
    expect(all).toMatchObject([
      { FunctionArn: expect.stringMatching(/:function:f:live$/), RequestedProvisionedConcurrentExecutions: 2 },
    ]);
  });

  it('is refused for an alias whose calls two versions share', async () => {
    await isola.client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 9 }));
    await isola.client.send(new PublishVersionCommand({ FunctionName }));
    const RoutingConfig = { AdditionalVersionWeights: { '1': 0.1 } };
    const alias = { FunctionName, Name: 'live', FunctionVersion: '2' };
    await isola.client.send(new CreateAliasCommand({ ...alias, RoutingConfig }));
    await expect(put('live', 1)).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: 'Alias with weights can not be used with Provisioned Concurrency',
    });
  });

  it("is refused where it would take what the account's other functions share", async () => {
    const small = await startTestIsola({ ISOLA_CONCURRENCY: '110' });
    await small.create(FunctionName, guest('counter'), { Publish: true });
    const ask = (ProvisionedConcurrentExecutions: number) => {
      const config = { FunctionName, Qualifier: '1', ProvisionedConcurrentExecutions };
      return small.client.send(new PutProvisionedConcurrencyConfigCommand(config));
    };
    const said = 'Specified ConcurrentExecutions for function';
    await expect(ask(111)).rejects.toThrow(`${said} is greater than account's unreserved concurrency [110].`);
    await expect(ask(11)).rejects.toThrow(
      `${said} decreases account's UnreservedConcurrentExecution below its minimum value of [100].`,
    );
    for (const count of [10, 9]) await ask(count);
    await small.stop();
  });

  it('ends when it is deleted, which is no error twice', async () => {
    await put('1', 1);
    for (let round = 0; round < 2; round++) {
      const gone = new DeleteProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: '1' });
      expect((await isola.client.send(gone)).$metadata.httpStatusCode).toBe(204);
    }
    await expect(get('1')).rejects.toMatchObject({
      name: 'ProvisionedConcurrencyConfigNotFoundException',
      message: 'No Provisioned Concurrency Config found for this function',
    });
    expect((await isola.invoke('f:1')).log).toContain('Init Duration');
  });

  it.each([
    ['$LATEST', 1, 'InvalidParameterValueException', 'cannot be applied to unpublished function versions'],
    ['7', 1, 'ResourceNotFoundException', 'function:f:7'],
    ['1', 0, 'ValidationException', "at 'provisionedConcurrentExecutions'"],
    ['1', 21, 'InvalidParameterValueException', 'greater than'],
  ])('is refused for %s and %i', async (qualifier, count, name, message) => {
    await expect(put(qualifier, count)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  });
});
