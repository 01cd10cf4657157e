import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  GetEventSourceMappingCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamodbStreams, type TestDynamodbStreams } from '../support/dynamodb-streams.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { RECORDS, recall, recorder } from '../support/recorder.ts';
import { createRole } from '../support/role.ts';
import { createSqsClient } from '../support/sqs-client.ts';

const PATIENCE = { timeout: 60_000, interval: 100 };

describe("a mapping from a table's stream to a function", () => {
  let isola: TestIsola;
  let streams: TestDynamodbStreams;
  let Role: string;
  let code: Uint8Array;
  beforeAll(async () => {
    streams = await startDynamodbStreams();
    isola = await startTestIsola({ ISOLA_THREADS: '2', ISOLA_DYNAMODB_STREAMS_ENDPOINT: streams.url });
    Role = await createRole(isola.running, 'reader', [
      { Effect: 'Allow', Action: ['dynamodb:*', 'sqs:SendMessage'], Resource: '*' },
      RECORDS,
    ]);
    code = await recorder();
  });
  afterAll(async () => {
    await isola.stop();
    await streams.stop();
  });

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

  it('brings changes in order, shard after shard', async () => {
    const stream = streams.createStream('orders');
    await isola.create('orderly', code, { Role });
    for (const id of ['a', 'b']) stream.put(id);
    stream.roll();
    for (const id of ['c', 'd']) stream.put(id);
    stream.roll();
    stream.put('e');
    const uuid = await map('orderly', stream.arn, { BatchSize: 1 });
    await expect.poll(() => recall(isola.client, 'orderly'), PATIENCE).toEqual(['a', 'b', 'c', 'd', 'e']);
    stream.roll();
    stream.put('f');
    await expect.poll(() => recall(isola.client, 'orderly'), PATIENCE).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(await resultOf(uuid)).toBe('OK');
  });

  it('brings what its filters let through', async () => {
    const stream = streams.createStream('filtered');
    await isola.create('choosy', code, { Role });
    stream.put('cheap', { price: { N: '5' } });
    stream.put('dear', { price: { N: '50' }, picture: { B: 'AQL/' } });
    const Pattern = '{"eventName":["INSERT"],"dynamodb":{"NewImage":{"price":{"N":["50"]},"picture":{"B":["AQL/"]}}}}';
    await map('choosy', stream.arn, { FilterCriteria: { Filters: [{ Pattern }] } });
    await expect.poll(() => recall(isola.client, 'choosy'), PATIENCE).toEqual(['dear']);
  });

  it('gives up what fails too often, and tells its destination', async () => {
    const sqs = createSqsClient(isola.running);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'discarded' }));
    const stream = streams.createStream('poisoned');
    await isola.create('failing', code, { Role });
    for (const id of ['poison', 'fine']) stream.put(id);
    const Destination = 'arn:aws:sqs:us-east-1:000000000000:discarded';
    await map('failing', stream.arn, {
      ...{ BatchSize: 1, MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination } } },
    });
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    sqs.destroy();
    expect(JSON.parse(Messages[0]?.Body ?? '')).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 1 },
      responseContext: { functionError: 'Unhandled' },
      DDBStreamBatchInfo: { shardId: 'shardId-00000000000000000001', batchSize: 1, streamArn: stream.arn },
    });
    await expect.poll(() => recall(isola.client, 'failing'), PATIENCE).toEqual(['fine']);
  });

  it('goes on with the oldest that is left, where what it had read is gone', async () => {
    const stream = streams.createStream('trimmed');
    await isola.create('late', code, { Role });
    const UUID = await map('late', stream.arn);
    stream.put('first');
    await expect.poll(() => recall(isola.client, 'late'), PATIENCE).toEqual(['first']);
    await isola.client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    stream.put('lost');
    stream.trim();
    stream.put('left');
    await isola.client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true, BatchSize: 9 }));
    await expect.poll(() => recall(isola.client, 'late'), PATIENCE).toContain('left');
  });

  it('says that there is no such stream', async () => {
    await isola.create('lost', code, { Role });
    const arn = 'arn:aws:dynamodb:us-east-1:000000000000:table/none/stream/2026-01-01T00:00:00.000';
    const uuid = await map('lost', arn);
    await expect.poll(() => resultOf(uuid), PATIENCE).toMatch(/^PROBLEM: .*ResourceNotFoundException/);
  });
});
