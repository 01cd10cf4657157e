import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateEventSourceMappingCommand, GetEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answering } from '../support/answering-guest.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { createRole } from '../support/role.ts';

const PATIENCE = { timeout: 60_000, interval: 100 };
const SHARD = { ShardId: 's', SequenceNumberRange: { StartingSequenceNumber: '1' } };

/** What a service answers, by operation; the name of the stream or queue chooses. */
const ANSWERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  silent: {},
  text: { ListShards: 'hello', GetQueueUrl: 'hello' },
  types: { ListShards: '{"Shards":7}', GetQueueUrl: '[]' },
  shardless: { ListShards: '{"Shards":[{}]}', GetShardIterator: '{}', GetRecords: '{"Records":{}}' },
  numberless: {
    ListShards: JSON.stringify({ Shards: [SHARD] }),
    GetShardIterator: '{"ShardIterator":"numberless"}',
    GetRecords: JSON.stringify({
      Records: [{ SequenceNumber: 'first', Data: 'AA==', PartitionKey: 'k', ApproximateArrivalTimestamp: 1 }],
      NextShardIterator: 'numberless',
    }),
  },
  timeless: {
    ListShards: JSON.stringify({ Shards: [SHARD] }),
    GetShardIterator: '{"ShardIterator":"timeless"}',
    GetRecords: JSON.stringify({
      Records: [{ SequenceNumber: '1', Data: 7, PartitionKey: {}, ApproximateArrivalTimestamp: 'noon' }],
      NextShardIterator: 'timeless',
    }),
  },
};

describe('a mapping whose source answers without sense', () => {
  let server: Server;
  let isola: TestIsola;
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const name = Object.keys(ANSWERS).find((each) => body.includes(each)) ?? 'silent';
      const answer = ANSWERS[name]?.[String(request.headers['x-amz-target']).split('.')[1] ?? ''];
      if (answer === undefined) response.destroy();
      else response.end(answer);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    isola = await startTestIsola({ ISOLA_THREADS: '2', ISOLA_SQS_ENDPOINT: url, ISOLA_KINESIS_ENDPOINT: url });
    const all = { Effect: 'Allow', Action: ['sqs:*', 'kinesis:*'], Resource: '*' };
    const Role = await createRole(isola.running, 'reader', [all]);
    await isola.create('f', answering('{}'), { Role });
  });
  afterAll(async () => {
    await isola.stop();
    server.closeAllConnections();
    server.close();
  });

  const map = async (arn: string, settings: { StartingPosition?: 'TRIM_HORIZON' }): Promise<string> => {
    const command = { FunctionName: 'f', EventSourceArn: arn, ...settings };
    return (await isola.client.send(new CreateEventSourceMappingCommand(command))).UUID ?? '';
  };
  const resultOf = async (UUID: string) =>
    (await isola.client.send(new GetEventSourceMappingCommand({ UUID }))).LastProcessingResult;

  it.each(Object.keys(ANSWERS))('says that there is a problem, and nothing worse comes of it: %s', async (name) => {
    const stream = await map(`arn:aws:kinesis:us-east-1:000000000000:stream/${name}`, {
      StartingPosition: 'TRIM_HORIZON',
    });
    await expect.poll(() => resultOf(stream), PATIENCE).toMatch(/^PROBLEM: .+/);
    const queue = await map(`arn:aws:sqs:us-east-1:000000000000:${name}`, {});
    await expect.poll(() => resultOf(queue), PATIENCE).toMatch(/^PROBLEM: .+/);
    expect((await isola.invoke('f')).payload).toEqual({});
  });
});
