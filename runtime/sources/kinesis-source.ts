import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  type Shard as ListedShard,
  ListShardsCommand,
  type _Record as ReadRecord,
} from '@aws-sdk/client-kinesis';
import { type KinesisOrigin, toKinesisEventRecord } from '../events/kinesis.ts';
import type { Position, Shard, StreamRecord, StreamSource } from '../triggers/mappings/stream-source.ts';
import { assertFew, type SourceEndpoint, toClientOptions } from './source-endpoint.ts';

/** Lambda asks a shard that often when it has nothing. */
const IDLE_MS = 1_000;

/** A stream of any service that speaks Kinesis. The ARN may be the one of a consumer of it. */
export function createKinesisSource(endpoint: SourceEndpoint, arn: string): StreamSource {
  const [, , , region = '', , resource = ''] = arn.split(':');
  const StreamName = resource.split('/')[1];
  const client = new KinesisClient(toClientOptions(endpoint, region));
  const shardOf = new Map<string, string>();
  return {
    idleMs: IDLE_MS,
    async shards(signal) {
      const found: Shard[] = [];
      let NextToken: string | undefined;
      do {
        const asked = new ListShardsCommand(NextToken === undefined ? { StreamName } : { NextToken });
        const { Shards = [], NextToken: next } = await client.send(asked, { abortSignal: signal });
        found.push(...Shards.map(toShard));
        assertFew(found);
        NextToken = next;
      } while (NextToken !== undefined);
      return found;
    },
    async iterator(ShardId, position, signal) {
      const command = new GetShardIteratorCommand({ StreamName, ShardId, ...toIteratorType(position) });
      const { ShardIterator = '' } = await client.send(command, { abortSignal: signal });
      shardOf.set(ShardIterator, ShardId);
      return ShardIterator;
    },
    async read({ iterator, most, role, signal }) {
      const command = new GetRecordsCommand({ ShardIterator: iterator, Limit: most });
      const answer = await client.send(command, { abortSignal: signal });
      const { Records = [], NextShardIterator: next, MillisBehindLatest: behind = 0 } = answer;
      const shardId = shardOf.get(iterator) ?? '';
      shardOf.delete(iterator);
      if (next) shardOf.set(next, shardId);
      const origin = { streamArn: arn, shardId, role };
      return { records: Records.map((each) => toRecord(each, origin)), next: next || undefined, isBehind: behind > 0 };
    },
    close: () => client.destroy(),
  };
}

function toShard({ ShardId, ParentShardId, AdjacentParentShardId, SequenceNumberRange: range }: ListedShard): Shard {
  const parents = [ParentShardId, AdjacentParentShardId].filter((id) => id !== undefined);
  return { id: ShardId ?? '', parents, isClosed: range?.EndingSequenceNumber !== undefined };
}

function toIteratorType(position: Position) {
  switch (position.kind) {
    case 'oldest':
      return { ShardIteratorType: 'TRIM_HORIZON' } as const;
    case 'newest':
      return { ShardIteratorType: 'LATEST' } as const;
    case 'since':
      return { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(position.at) } as const;
    case 'after': {
      const { sequenceNumber: StartingSequenceNumber } = position;
      return { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber } as const;
    }
  }
}

function toRecord(record: ReadRecord, origin: KinesisOrigin): StreamRecord {
  const { SequenceNumber: sequenceNumber = '', PartitionKey: partitionKey = '' } = record;
  const { Data: data = new Uint8Array(), ApproximateArrivalTimestamp: arrival } = record;
  const arrivedAt = arrival?.getTime() || Date.now();
  const shown = toKinesisEventRecord({ sequenceNumber, partitionKey, data, arrivedAt }, origin);
  return {
    ...{ sequenceNumber, key: partitionKey, arrivedAt, json: JSON.stringify(shown) },
    filtered: { members: { ...shown, ...shown.kinesis }, data: Buffer.from(data).toString() },
  };
}
