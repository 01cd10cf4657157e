import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetProvisionedConcurrencyConfigCommand,
  InvokeWithResponseStreamCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutProvisionedConcurrencyConfigCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';
import { zip } from '../support/zip.ts';

describe('runtimes', () => {
  let isola: TestIsola;
  beforeAll(async () => {
    isola = await startTestIsola();
  });
  afterAll(() => isola.stop());

  it.each(['provided', 'provided.al2', 'provided.al2023', 'provided.wasm'])('%s runs modules', async (runtime) => {
    const name = runtime.replaceAll('.', '-');
    await isola.create(name, guest('echo'), { Runtime: runtime as 'provided' });
    expect(await isola.invoke(name, { a: 1 })).toMatchObject({ error: undefined, payload: { a: 1 } });
  });

  it('without an interpreter are taken, and say at invocation what to do', async () => {
    const FunctionName = 'interpreted';
    const code = await zip({ 'index.mjs': Buffer.from('export const handler = async () => 1;') });
    await isola.create(FunctionName, code, { Runtime: 'nodejs22.x' });
    const configuration = await isola.client.send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect(configuration).toMatchObject({ State: 'Active', Runtime: 'nodejs22.x', CodeSize: code.length });

    const answer = await isola.invoke(FunctionName);
    expect(answer).toMatchObject({ status: 200, error: 'Unhandled' });
    expect(answer.payload).toEqual({
      errorType: 'Runtime.InvalidEntrypoint',
      errorMessage: expect.stringMatching(/^This Isola runs WebAssembly only and has no interpreter for nodejs22\.x: /),
    });
    expect(answer.log).toMatch(
      /START .*\nRequestId: .* Error: This Isola runs .*\nRuntime\.InvalidEntrypoint\nEND .*\nREPORT /s,
    );

    const streamed = await isola.client.send(new InvokeWithResponseStreamCommand({ FunctionName }));
    const events = [];
    for await (const event of streamed.EventStream ?? []) events.push(event);
    expect(events.at(-1)?.InvokeComplete).toMatchObject({
      ErrorCode: 'Unhandled',
      ErrorDetails: expect.stringContaining('no interpreter for nodejs22.x'),
    });

    const reserve = { FunctionName, ReservedConcurrentExecutions: 0 };
    await isola.client.send(new PutFunctionConcurrencyCommand(reserve));
    await expect(isola.invoke(FunctionName)).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    await isola.client.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));

    const { Version } = await isola.client.send(new PublishVersionCommand({ FunctionName }));
    const provisioned = { FunctionName, Qualifier: Version };
    await isola.client.send(
      new PutProvisionedConcurrencyConfigCommand({ ...provisioned, ProvisionedConcurrentExecutions: 1 }),
    );
    const status = async () =>
      (await isola.client.send(new GetProvisionedConcurrencyConfigCommand(provisioned))).Status;
    await expect.poll(status).toBe('FAILED');

    await isola.client.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: guest('echo') }));
    await isola.client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Runtime: 'provided.al2023' }));
    expect(await isola.invoke(FunctionName, { b: 2 })).toMatchObject({ error: undefined, payload: { b: 2 } });
  });
});
