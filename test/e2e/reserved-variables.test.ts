import { InvokeCommand, PublishVersionCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, startTestIsola, type TestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';

let isola: TestIsola;
beforeAll(async () => {
  isola = await startTestIsola();
  const settings = { MemorySize: 256, Environment: { Variables: { LANG: 'de_CH.UTF-8', OWN: 'mine' } } };
  await isola.create('variable', guest('variable'), settings);
  await isola.create('environ', guest('environ'), settings);
});
afterAll(() => isola.stop());

const STREAM = /^\d{4}\/\d{2}\/\d{2}\/\[\$LATEST\][0-9a-f]{32}$/;
const FIXED = {
  _HANDLER: 'index.handler',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_REGION: 'us-east-1',
  LAMBDA_RUNTIME_DIR: '/var/runtime',
  LAMBDA_TASK_ROOT: '/var/task',
};

describe('the environment of a guest', () => {
  it.each(
    Object.entries({
      ...FIXED,
      AWS_LAMBDA_FUNCTION_NAME: 'variable',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/variable',
      AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(STREAM),
      _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-/),
      OWN: 'mine',
      LANG: 'de_CH.UTF-8',
      TZ: ':UTC',
      PATH: expect.stringContaining('/opt/bin'),
      AWS_ACCESS_KEY_ID: null,
      AWS_SECRET_ACCESS_KEY: null,
      AWS_SESSION_TOKEN: null,
      AWS_LAMBDA_RUNTIME_API: null,
      AWS_EXECUTION_ENV: null,
    }),
  )('has %s as Lambda has it', async (name, value) => {
    expect((await isola.invoke('variable', name)).payload).toEqual(value);
  });

  it('is the same for a WASI command, and nothing else is in it', async () => {
    const text = String((await isola.invoke('environ')).payload);
    const pairs = text.split('\0').filter((pair) => pair !== '');
    expect(Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s).slice(0, 2)))).toEqual({
      ...FIXED,
      AWS_LAMBDA_FUNCTION_NAME: 'environ',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/environ',
      AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(STREAM),
      _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-/),
      LANG: 'de_CH.UTF-8',
      LD_LIBRARY_PATH: expect.stringContaining(':/opt/lib'),
      OWN: 'mine',
      PATH: '/usr/local/bin:/usr/bin/:/bin:/opt/bin',
      PWD: '/var/task',
      TZ: ':UTC',
    });
  });

  it('has the trace id of each call', async () => {
    const traces = [
      await isola.invoke('variable', '_X_AMZN_TRACE_ID'),
      await isola.invoke('variable', '_X_AMZN_TRACE_ID'),
    ];
    expect(new Set(traces.map(({ payload }) => payload)).size).toBe(2);
  });

  it('names the version that runs, and the region it runs in', async () => {
    const published = await isola.client.send(new PublishVersionCommand({ FunctionName: 'variable' }));
    const invoke = async (name: string) => {
      const Payload = Buffer.from(JSON.stringify(name));
      const command = new InvokeCommand({ FunctionName: 'variable', Qualifier: published.Version ?? '', Payload });
      return Buffer.from((await isola.client.send(command)).Payload ?? []).toString();
    };
    expect(await invoke('AWS_LAMBDA_FUNCTION_VERSION')).toBe('"1"');
    expect(await invoke('AWS_LAMBDA_LOG_STREAM_NAME')).toContain('/[1]');
    const elsewhere = createClient(isola.url, isola.running.credentialsFile, 'eu-central-1');
    const command = new InvokeCommand({ FunctionName: 'variable', Payload: Buffer.from('"AWS_REGION"') });
    await expect(elsewhere.send(command)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    elsewhere.destroy();
  });
});

describe('a client that sets what Lambda sets', () => {
  it.each(['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'LAMBDA_TASK_ROOT', 'AWS_LAMBDA_INITIALIZATION_TYPE'])(
    'is refused, and told that it was %s',
    async (name) => {
      const Environment = { Variables: { OWN: '1', [name]: 'x' } };
      const sentence = `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${name}`;
      const refusal = { name: 'InvalidParameterValueException', message: sentence };
      await expect(isola.create('refused', guest('echo'), { Environment })).rejects.toMatchObject(refusal);
      const update = new UpdateFunctionConfigurationCommand({ FunctionName: 'variable', Environment });
      await expect(isola.client.send(update)).rejects.toMatchObject(refusal);
      expect((await isola.invoke('variable', 'OWN')).payload).toBe('mine');
    },
  );
});
