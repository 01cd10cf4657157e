import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The changes of a table in memory. */
export interface TestTableStream {
  readonly arn: string;
  /** Adds the change of an item of that id. */
  put(id: string, image?: Readonly<Record<string, unknown>>): void;
  /** Closes the open shard, and begins another that comes from it. */
  roll(): void;
  /** Forgets the records that there are, as DynamoDB does after a day. */
  trim(): void;
}

/** DynamoDB Streams in memory: as much of it as whoever reads streams needs, in its own protocol. */
export interface TestDynamodbStreams {
  readonly url: string;
  createStream(table: string): TestTableStream;
  stop(): Promise<void>;
}

interface StoredShard {
  readonly id: string;
  readonly parent: string | undefined;
  readonly records: { readonly dynamodb: { readonly SequenceNumber: string } }[];
  isClosed: boolean;
}

interface StoredStream {
  readonly shards: StoredShard[];
  trimmedThrough: bigint;
}

type Input = Readonly<Record<string, unknown>>;

/** A refusal in AWS's words. */
class Refusal extends Error {}

export async function startDynamodbStreams(): Promise<TestDynamodbStreams> {
  const streams = new Map<string, StoredStream>();
  let last = 100_000_000_000_000_000_000n;
  const find = (arn: unknown): StoredStream => {
    const stream = streams.get(String(arn));
    if (stream === undefined) throw new Refusal('ResourceNotFoundException');
    return stream;
  };

  const server = createServer(async (request, response) => {
    const name = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    try {
      const input = JSON.parse(await read(request)) as Input;
      const stream = find(input.StreamArn ?? String(input.ShardIterator).split('|')[0]);
      const answer = OPERATIONS[name]?.(stream, input);
      response.setHeader('content-type', 'application/x-amz-json-1.0').end(JSON.stringify(answer));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { message } = error;
      response.writeHead(400).end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${message}`, message }));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    createStream(table) {
      const arn = `arn:aws:dynamodb:us-east-1:000000000000:table/${table}/stream/2026-01-01T00:00:00.000`;
      const stream: StoredStream = { shards: [toShard(1, undefined)], trimmedThrough: 0n };
      streams.set(arn, stream);
      const open = (): StoredShard => stream.shards.at(-1) as StoredShard;
      return {
        arn,
        put(id, image = { id: { S: id } }) {
          last += 1n;
          open().records.push(toRecord(String(last), id, image));
        },
        roll() {
          open().isClosed = true;
          stream.shards.push(toShard(stream.shards.length + 1, open().id));
        },
        trim() {
          for (const { records } of stream.shards) records.splice(0);
          stream.trimmedThrough = last;
        },
      };
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const OPERATIONS: Readonly<Record<string, (stream: StoredStream, input: Input) => unknown>> = {
  /** In pages of two. */
  DescribeStream({ shards }, { StreamArn, ExclusiveStartShardId: after }) {
    const from = after === undefined ? 0 : shards.findIndex(({ id }) => id === after) + 1;
    const page = shards.slice(from, from + 2);
    return {
      StreamDescription: {
        ...{ StreamArn, StreamStatus: 'ENABLED', StreamViewType: 'NEW_AND_OLD_IMAGES' },
        Shards: page.map(({ id, parent, isClosed }) => ({
          ...{ ShardId: id, ParentShardId: parent },
          SequenceNumberRange: { StartingSequenceNumber: '1', ...(isClosed ? { EndingSequenceNumber: '2' } : {}) },
        })),
        ...(from + 2 < shards.length ? { LastEvaluatedShardId: page.at(-1)?.id } : {}),
      },
    };
  },
  GetShardIterator(stream, { StreamArn, ShardId, ShardIteratorType: type, SequenceNumber = '0' }) {
    const { records } = findShard(stream, ShardId);
    const isAfter = type === 'AFTER_SEQUENCE_NUMBER';
    if (isAfter && BigInt(String(SequenceNumber)) < stream.trimmedThrough) {
      throw new Refusal('TrimmedDataAccessException');
    }
    const newest = records.at(-1)?.dynamodb.SequenceNumber ?? '0';
    const through = type === 'LATEST' ? newest : isAfter ? SequenceNumber : '0';
    return { ShardIterator: `${StreamArn}|${ShardId}|${through}` };
  },
  GetRecords(stream, { ShardIterator, Limit }) {
    const [arn, id, after = '0'] = String(ShardIterator).split('|');
    const { records, isClosed } = findShard(stream, id);
    const rest = records.filter(({ dynamodb }) => BigInt(dynamodb.SequenceNumber) > BigInt(after));
    const page = rest.slice(0, Number(Limit));
    const isEnd = isClosed && page.length === rest.length;
    const through = page.at(-1)?.dynamodb.SequenceNumber ?? after;
    return { Records: page, ...(isEnd ? {} : { NextShardIterator: `${arn}|${id}|${through}` }) };
  },
};

function findShard({ shards }: StoredStream, id: unknown): StoredShard {
  const shard = shards.find((each) => each.id === id);
  if (shard === undefined) throw new Refusal('ResourceNotFoundException');
  return shard;
}

function toShard(number: number, parent: string | undefined): StoredShard {
  return { id: `shardId-${String(number).padStart(20, '0')}`, parent, records: [], isClosed: false };
}

function toRecord(SequenceNumber: string, id: string, NewImage: Readonly<Record<string, unknown>>) {
  return {
    ...{ eventID: `event-${SequenceNumber}`, eventName: 'INSERT', eventVersion: '1.1' },
    ...{ eventSource: 'aws:dynamodb', awsRegion: 'us-east-1' },
    dynamodb: {
      ...{ ApproximateCreationDateTime: Math.floor(Date.now() / 1_000), Keys: { id: { S: id } }, NewImage },
      ...{ SequenceNumber, SizeBytes: 26, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    },
  };
}

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
