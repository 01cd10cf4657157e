import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventInvokeOperations } from '../../../runtime/gateway/lambda-api/event-invoke-configs.ts';
import { createInput, createWorkbench, SCOPE, type Workbench } from '../../registry/fixture.ts';
import { createCaller } from './fixture.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:q';
const TOPIC = 'arn:aws:sns:us-east-1:000000000000:t';
const params = { FunctionName: 'f' };

describe('operations on event-invoke configurations', () => {
  let bench: Workbench;
  let call: ReturnType<typeof createCaller>;
  const put = (body: unknown, query = {}) => call('PutFunctionEventInvokeConfig', { params, query, body });
  const update = (body: unknown, query = {}) => call('UpdateFunctionEventInvokeConfig', { params, query, body });
  const get = async (query = {}) => (await call('GetFunctionEventInvokeConfig', { params, query })).body;
  beforeEach(async () => {
    bench = await createWorkbench();
    await bench.registry.create(SCOPE, 'f', createInput());
    await bench.registry.create(SCOPE, 'g', createInput());
    await bench.registry.versions.publish(SCOPE, 'f', {});
    await bench.registry.aliases.create(SCOPE, 'f', 'live', { version: '1', weights: {}, description: '' });
    call = createCaller(eventInvokeOperations(bench.registry));
  });
  afterEach(() => bench.dispose());

  it('put one, with its time in epoch seconds, and describe it', async () => {
    const { status, body } = await put({ MaximumRetryAttempts: 0 });
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        LastModified: expect.closeTo(Date.UTC(2020, 3, 10, 19, 6, 32) / 1000, -1),
        FunctionArn: `${ARN}:$LATEST`,
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnSuccess: {}, OnFailure: {} },
      },
    });
    expect(await get()).toEqual(body);
    expect(await get({ Qualifier: '$LATEST' })).toEqual(body);
  });

  it('replace all of it with a put, and only what is named with an update', async () => {
    await put({ MaximumRetryAttempts: 1, DestinationConfig: { OnFailure: { Destination: QUEUE } } });
    await update({ MaximumEventAgeInSeconds: 60 });
    expect(await get()).toMatchObject({
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnSuccess: {}, OnFailure: { Destination: QUEUE } },
    });
    await update({ DestinationConfig: { OnSuccess: { Destination: TOPIC }, OnFailure: { Destination: '' } } });
    expect(await get()).toMatchObject({
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnSuccess: { Destination: TOPIC }, OnFailure: {} },
    });
    await put({ MaximumEventAgeInSeconds: 21_600 });
    const body = await get();
    expect(body).toMatchObject({ MaximumEventAgeInSeconds: 21_600, DestinationConfig: { OnSuccess: {} } });
    expect(body).not.toHaveProperty('MaximumRetryAttempts');
  });

  it('keep one for each qualifier, listed in pages, which goes with its alias', async () => {
    await put({ MaximumRetryAttempts: 0 });
    await put({ MaximumRetryAttempts: 1 }, { Qualifier: '1' });
    await put({ MaximumRetryAttempts: 2 }, { Qualifier: 'live' });
    const list = async (query = {}) =>
      (await call('ListFunctionEventInvokeConfigs', { params, query })).body as {
        FunctionEventInvokeConfigs: { FunctionArn: string }[];
        NextMarker?: string;
      };
    const first = await list({ MaxItems: '2' });
    const rest = await list({ MaxItems: '2', Marker: first.NextMarker });
    const arns = [first, rest].flatMap((page) => page.FunctionEventInvokeConfigs.map((each) => each.FunctionArn));
    expect(arns).toEqual([`${ARN}:$LATEST`, `${ARN}:1`, `${ARN}:live`]);
    expect(rest).not.toHaveProperty('NextMarker');
    await bench.registry.aliases.delete(SCOPE, 'f', 'live');
    await expect(get({ Qualifier: 'live' })).rejects.toThrow(`The function ${ARN}:live doesn't have an`);
  });

  it('delete one, and then it is gone', async () => {
    await put({ MaximumRetryAttempts: 0 });
    const gone = () => call('DeleteFunctionEventInvokeConfig', { params });
    expect(await gone()).toEqual({ status: 204 });
    const error = {
      code: 'ResourceNotFoundException',
      message: `The function ${ARN}:$LATEST doesn't have an EventInvokeConfig`,
    };
    await expect(gone()).rejects.toMatchObject(error);
    await expect(get()).rejects.toMatchObject(error);
    await expect(update({ MaximumRetryAttempts: 1 })).rejects.toMatchObject(error);
  });

  it('know no function or qualifier that is not there', async () => {
    const message = "The function doesn't exist.";
    await expect(put({ MaximumRetryAttempts: 1 }, { Qualifier: '9' })).rejects.toThrow(message);
    const elsewhere = { params: { FunctionName: 'missing' }, body: { MaximumRetryAttempts: 1 } };
    for (const name of ['Put', 'Update', 'Delete']) {
      await expect(call(`${name}FunctionEventInvokeConfig`, elsewhere)).rejects.toThrow(message);
    }
    await expect(call('ListFunctionEventInvokeConfigs', elsewhere)).rejects.toThrow(message);
    await expect(call('GetFunctionEventInvokeConfig', elsewhere)).rejects.toThrow(
      "The function arn:aws:lambda:us-east-1:000000000000:function:missing:$LATEST doesn't have an EventInvokeConfig",
    );
  });

  const to = (Destination: string) => ({ DestinationConfig: { OnFailure: { Destination } } });

  it.each([
    [{}, 'You must specify at least one of error handling or destination setting.'],
    [to(ARN), "You can't specify the function as a destination for itself."],
    [to(`${ARN}:live`), "You can't specify the function as a destination for itself."],
    [to(`${ARN}x`), `The destination ARN ${ARN}x is invalid.`],
    [to('arn:aws:s3:::bucket'), 'The destination ARN arn:aws:s3:::bucket is invalid.'],
    [to('queue'), "Value 'queue' at 'destinationConfig.onFailure.destination' failed to satisfy constraint"],
    [{ MaximumRetryAttempts: 3 }, 'Member must have value less than or equal to 2'],
    [{ MaximumRetryAttempts: -1 }, 'Member must have value greater than or equal to 0'],
    [{ MaximumEventAgeInSeconds: 59 }, 'Member must have value greater than or equal to 60'],
    [{ MaximumEventAgeInSeconds: 21_601 }, 'Member must have value less than or equal to 21600'],
  ])('refuse %j', async (body, message) => {
    await expect(put(body)).rejects.toThrow(message);
    await expect(get()).rejects.toThrow("doesn't have an EventInvokeConfig");
  });

  it.each([QUEUE, TOPIC, 'arn:aws:events:us-east-1:000000000000:event-bus/b', ARN.replace(/f$/, 'g')])(
    'take %s as a destination',
    async (arn) => {
      expect((await put(to(arn))).status).toBe(200);
    },
  );
});
