import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  GetEventSourceMappingCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { startKinesis, type TestKinesis } from '../support/kinesalite.ts';
import { RECORDS, recall, recorder } from '../support/recorder.ts';
import { createRole } from '../support/role.ts';
import { createSqsClient } from '../support/sqs-client.ts';

const PATIENCE = { timeout: 60_000, interval: 100 };
const READS = {
  Effect: 'Allow',
  Action: ['kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:DescribeStream', 'kinesis:ListShards'],
  Resource: '*',
};

describe('a mapping from a stream to a function', () => {
  let isola: TestIsola;
  let kinesis: TestKinesis;
  let sqs: SQSClient;
  let Role: string;
  let code: Uint8Array;
  beforeAll(async () => {
    kinesis = await startKinesis();
    isola = await startTestIsola({ ISOLA_THREADS: '2', ISOLA_KINESIS_ENDPOINT: kinesis.url });
    sqs = createSqsClient(isola.running);
    const sends = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' };
    Role = await createRole(isola.running, 'reader', [READS, RECORDS, sends]);
    code = await recorder();
  });
  afterAll(async () => {
    sqs.destroy();
    await isola.stop();
    await kinesis.stop();
  });

  const create = (name: string, variables: Record<string, string> = {}) =>
    isola.create(name, code, { Role, Environment: { Variables: variables } });
  const map = async (
    FunctionName: string,
    EventSourceArn: string,
    settings: Partial<CreateEventSourceMappingCommandInput> = {},
  ): Promise<string> => {
    const command = { FunctionName, EventSourceArn, StartingPosition: 'TRIM_HORIZON' as const, ...settings };
    return (await isola.client.send(new CreateEventSourceMappingCommand(command))).UUID ?? '';
  };
  const resultOf = async (UUID: string) =>
    (await isola.client.send(new GetEventSourceMappingCommand({ UUID }))).LastProcessingResult;
  const range = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => String(at));

  it('brings the records of a shard in order, from the oldest on', async () => {
    const arn = await kinesis.createStream('ordered');
    await create('orderly');
    for (const data of range(10)) await kinesis.put('ordered', `key${data}`, data);
    const uuid = await map('orderly', arn, { BatchSize: 3 });
    await expect.poll(() => recall(isola.client, 'orderly'), PATIENCE).toEqual(range(10));
    await kinesis.put('ordered', 'key', 'later');
    await expect.poll(() => recall(isola.client, 'orderly'), PATIENCE).toEqual([...range(10), 'later']);
    expect(await resultOf(uuid)).toBe('OK');
  });

  it('brings only what comes after it, or after a moment, where it is told to', async () => {
    const arn = await kinesis.createStream('timed');
    await create('latest');
    await create('since');
    await kinesis.put('timed', 'key', 'before');
    const put = Date.now();
    await expect.poll(() => Date.now()).toBeGreaterThan(put + 10);
    const StartingPositionTimestamp = new Date();
    await kinesis.put('timed', 'key', 'between');
    const uuid = await map('latest', arn, { StartingPosition: 'LATEST' });
    await map('since', arn, { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp });
    await expect.poll(() => recall(isola.client, 'since'), PATIENCE).toEqual(['between']);
    // Where "latest" is, it says by nothing but what it reads.
    const probe = async () => {
      await kinesis.put('timed', 'key', 'after');
      return await recall(isola.client, 'latest');
    };
    await expect.poll(probe, PATIENCE).toContain('after');
    expect(new Set(await recall(isola.client, 'latest'))).toEqual(new Set(['after']));
    expect(await resultOf(uuid)).toBe('OK');
  });

  it('halves a batch around a poison record, and tells its destination of that one alone', async () => {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'discarded' }));
    const arn = await kinesis.createStream('poisoned');
    await create('careful');
    for (const data of ['0', '1', '2', 'poison', '4', '5', '6']) await kinesis.put('poisoned', 'key', data);
    const Destination = 'arn:aws:sqs:us-east-1:000000000000:discarded';
    await map('careful', arn, {
      ...{ BisectBatchOnFunctionError: true, MaximumRetryAttempts: 1 },
      DestinationConfig: { OnFailure: { Destination } },
    });
    await expect.poll(() => recall(isola.client, 'careful'), PATIENCE).toEqual(['0', '1', '2', '4', '5', '6']);
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    expect(JSON.parse(Messages[0]?.Body ?? '')).toEqual({
      requestContext: {
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:careful:$LATEST',
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 2,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      KinesisBatchInfo: {
        shardId: 'shardId-000000000000',
        startSequenceNumber: expect.stringMatching(/^\d+$/),
        endSequenceNumber: expect.stringMatching(/^\d+$/),
        approximateArrivalOfFirstRecord: expect.any(String),
        approximateArrivalOfLastRecord: expect.any(String),
        batchSize: 1,
        streamArn: arn,
      },
    });
  });

  it('goes on at the record that the function reports', async () => {
    const arn = await kinesis.createStream('reported');
    await create('exact', { REPORTS: '1' });
    for (const data of ['0', '1', 'poison', '3']) await kinesis.put('reported', 'key', data);
    await map('exact', arn, { FunctionResponseTypes: ['ReportBatchItemFailures'], MaximumRetryAttempts: 1 });
    await kinesis.put('reported', 'key', 'next');
    await expect.poll(() => recall(isola.client, 'exact'), PATIENCE).toContain('next');
    const seen = await recall(isola.client, 'exact');
    expect(seen.slice(0, 2)).toEqual(['0', '1']);
    expect(seen.filter((each) => each === '0')).toEqual(['0']);
  });

  it('keeps the order of each key, however many batches run beside each other', async () => {
    const arn = await kinesis.createStream('parallel', 2);
    await create('parallel');
    const keys = ['a', 'b', 'c', 'd', 'e'];
    for (const turn of range(6)) for (const key of keys) await kinesis.put('parallel', key, `${key}${turn}`);
    await map('parallel', arn, { ParallelizationFactor: 4, BatchSize: 2 });
    await expect.poll(async () => (await recall(isola.client, 'parallel')).length, PATIENCE).toBe(30);
    const seen = await recall(isola.client, 'parallel');
    for (const key of keys) {
      expect(seen.filter((each) => each.startsWith(key))).toEqual(range(6).map((turn) => `${key}${turn}`));
    }
  });

  it('reads shards after those that they were split off', async () => {
    const arn = await kinesis.createStream('split');
    await create('splitting');
    for (const data of range(5)) await kinesis.put('split', 'a', data);
    await kinesis.split('split');
    for (const data of ['5', '6', '7']) await kinesis.put('split', 'a', data);
    await map('splitting', arn, { BatchSize: 2 });
    await expect.poll(() => recall(isola.client, 'splitting'), PATIENCE).toEqual(range(8));
  });

  it('brings what its filters let through', async () => {
    const arn = await kinesis.createStream('filtered');
    await create('choosy');
    const sale = '{"kind":"sale"}';
    for (const data of ['{"kind":"offer"}', 'sale', sale, '{}']) await kinesis.put('filtered', 'key', data);
    const Filters = [{ Pattern: '{"data":{"kind":["sale"]},"partitionKey":["key"]}' }];
    await map('choosy', arn, { FilterCriteria: { Filters } });
    await kinesis.put('filtered', 'other', sale);
    await kinesis.put('filtered', 'key', '{"kind":"sale","last":true}');
    await expect.poll(() => recall(isola.client, 'choosy'), PATIENCE).toEqual([sale, '{"kind":"sale","last":true}']);
  });

  it('goes on where it was when it is enabled again', async () => {
    const arn = await kinesis.createStream('paused');
    await create('paused');
    const UUID = await map('paused', arn);
    await kinesis.put('paused', 'key', 'one');
    await expect.poll(() => recall(isola.client, 'paused'), PATIENCE).toEqual(['one']);
    await isola.client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    await kinesis.put('paused', 'key', 'two');
    await isola.client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true, BatchSize: 7 }));
    await expect.poll(() => recall(isola.client, 'paused'), PATIENCE).toEqual(['one', 'two']);
  });

  it('carries the state of a tumbling window from batch to batch, and ends each once', async () => {
    const arn = await kinesis.createStream('windows');
    await create('counting');
    const uuid = await map('counting', arn, { TumblingWindowInSeconds: 3, BatchSize: 2 });
    for (const data of range(7)) await kinesis.put('windows', 'key', data);
    const total = async () => {
      const windows = (await recall(isola.client, 'counting')).map((line) => line.split(' '));
      expect(new Set(windows.map(([start]) => start)).size).toBe(windows.length);
      return windows.reduce((sum, [, count]) => sum + Number(count), 0);
    };
    await expect.poll(total, PATIENCE).toBe(7);
    expect(await resultOf(uuid)).toBe('OK');
  });

  it('reads the stream of a consumer', async () => {
    const arn = await kinesis.createStream('consumed');
    await create('consuming');
    await kinesis.put('consumed', 'key', 'one');
    await map('consuming', `${arn}/consumer/c:1700000000`);
    await expect.poll(() => recall(isola.client, 'consuming'), PATIENCE).toEqual(['one']);
  });

  it('is not made, and reads nothing any more, where the execution role may not read the stream', async () => {
    const arn = await kinesis.createStream('secret');
    const Blind = await createRole(isola.running, 'blind', [READS, RECORDS]);
    await isola.create('blind', code, { Role: Blind });
    const uuid = await map('blind', arn, { Enabled: false });
    await createRole(isola.running, 'blind', [{ ...READS, Action: 'kinesis:GetRecords' }, RECORDS]);
    const other = await kinesis.createStream('other');
    await expect(map('blind', other)).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringMatching(/^Cannot access stream arn:.*GetShardIterator/),
    });
    await kinesis.put('secret', 'key', 'secret');
    await isola.client.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: true }));
    await expect.poll(() => resultOf(uuid), PATIENCE).toContain('does not allow kinesis:GetShardIterator');
    expect(await recall(isola.client, 'blind')).toEqual([]);
  });
});
