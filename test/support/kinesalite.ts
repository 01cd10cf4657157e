import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import {
  CreateStreamCommand,
  DescribeStreamCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { expect } from 'vitest';

type CreateKinesalite = (options: Readonly<Record<string, number>>) => Server;
const createKinesalite = createRequire(import.meta.url)('kinesalite') as CreateKinesalite;

/** A Kinesis in memory, and what tests do with it. */
export interface TestKinesis {
  readonly url: string;
  readonly client: KinesisClient;
  /** Answers the stream's ARN. */
  createStream(name: string, shards?: number): Promise<string>;
  put(name: string, key: string, data: string): Promise<void>;
  /** Splits the only shard of a stream in two. */
  split(name: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startKinesis(): Promise<TestKinesis> {
  const server = createKinesalite({ createStreamMs: 0, updateStreamMs: 0, deleteStreamMs: 0, shardLimit: 100 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new KinesisClient({
    ...{ endpoint: url, region: 'us-east-1', requestHandler: new NodeHttpHandler() },
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  const describe = async (StreamName: string) => {
    const status = async () => {
      const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName }));
      return StreamDescription;
    };
    await expect.poll(async () => (await status())?.StreamStatus).toBe('ACTIVE');
    return await status();
  };
  return {
    url,
    client,
    async createStream(StreamName, ShardCount = 1) {
      await client.send(new CreateStreamCommand({ StreamName, ShardCount }));
      return (await describe(StreamName))?.StreamARN ?? '';
    },
    async put(StreamName, PartitionKey, data) {
      await client.send(new PutRecordCommand({ StreamName, PartitionKey, Data: Buffer.from(data) }));
    },
    async split(StreamName) {
      const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
      const NewStartingHashKey = String(2n ** 127n);
      const ShardToSplit = Shards[0]?.ShardId;
      await client.send(new SplitShardCommand({ StreamName, ShardToSplit, NewStartingHashKey }));
      await describe(StreamName);
    },
    async stop() {
      client.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
