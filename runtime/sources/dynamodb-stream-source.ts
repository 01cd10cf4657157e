import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type Shard as ListedShard,
  type _Record as ReadRecord,
} from '@aws-sdk/client-dynamodb-streams';
import { toDynamodbEventRecord } from '../events/dynamodb-stream.ts';
import type { Position, Shard, StreamRecord, StreamSource } from '../triggers/mappings/stream-source.ts';
import { assertFew, type SourceEndpoint, toClientOptions } from './source-endpoint.ts';

/** Lambda asks a shard that often when it has nothing. */
const IDLE_MS = 250;
/** DynamoDB hands out no more at once. */
const MOST_READ = 1_000;

/** The changes of a table of any service that speaks DynamoDB Streams. */
export function createDynamodbStreamSource(endpoint: SourceEndpoint, StreamArn: string): StreamSource {
  const client = new DynamoDBStreamsClient(toClientOptions(endpoint, StreamArn.split(':')[3] ?? ''));
  return {
    idleMs: IDLE_MS,
    async shards(signal) {
      const found: Shard[] = [];
      let ExclusiveStartShardId: string | undefined;
      do {
        const asked = new DescribeStreamCommand({ StreamArn, ExclusiveStartShardId });
        const { StreamDescription: page } = await client.send(asked, { abortSignal: signal });
        found.push(...(page?.Shards ?? []).map(toShard));
        assertFew(found);
        ExclusiveStartShardId = page?.LastEvaluatedShardId;
      } while (ExclusiveStartShardId !== undefined);
      return found;
    },
    async iterator(ShardId, position, signal) {
      const ask = async (type: ReturnType<typeof toIteratorType>): Promise<string> => {
        const command = new GetShardIteratorCommand({ StreamArn, ShardId, ...type });
        return (await client.send(command, { abortSignal: signal })).ShardIterator ?? '';
      };
      try {
        return await ask(toIteratorType(position));
      } catch (error) {
        // What comes behind a record that is gone already begins with the oldest that is not.
        if (position.kind !== 'after' || (error as Error).name !== 'TrimmedDataAccessException') throw error;
        return await ask(toIteratorType({ kind: 'oldest' }));
      }
    },
    async read({ iterator, most, signal }) {
      const Limit = Math.min(most, MOST_READ);
      const command = new GetRecordsCommand({ ShardIterator: iterator, Limit });
      const { Records = [], NextShardIterator: next } = await client.send(command, { abortSignal: signal });
      return {
        records: Records.map((each) => toRecord(each, StreamArn)),
        next: next || undefined,
        isBehind: Records.length > 0,
      };
    },
    close: () => client.destroy(),
  };
}

function toShard({ ShardId, ParentShardId, SequenceNumberRange: range }: ListedShard): Shard {
  const parents = ParentShardId === undefined ? [] : [ParentShardId];
  return { id: ShardId ?? '', parents, isClosed: range?.EndingSequenceNumber !== undefined };
}

/** DynamoDB knows no times. */
function toIteratorType(position: Position) {
  switch (position.kind) {
    case 'oldest':
    case 'since':
      return { ShardIteratorType: 'TRIM_HORIZON' } as const;
    case 'newest':
      return { ShardIteratorType: 'LATEST' } as const;
    case 'after':
      return { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: position.sequenceNumber } as const;
  }
}

function toRecord(record: ReadRecord, streamArn: string): StreamRecord {
  const { eventID = '', eventName = '', eventVersion = '', dynamodb = {}, userIdentity } = record;
  const { SequenceNumber: sequenceNumber = '', ApproximateCreationDateTime: created } = dynamodb;
  const createdAt = created?.getTime() || Date.now();
  const shown = toDynamodbEventRecord(
    {
      ...{ eventID, eventName, eventVersion, sequenceNumber, createdAt },
      keys: dynamodb.Keys ?? {},
      newImage: dynamodb.NewImage,
      oldImage: dynamodb.OldImage,
      sizeBytes: dynamodb.SizeBytes ?? 0,
      streamViewType: dynamodb.StreamViewType ?? '',
      userIdentity: userIdentity && { type: userIdentity.Type ?? '', principalId: userIdentity.PrincipalId ?? '' },
    },
    streamArn,
  );
  const key = JSON.stringify(Object.entries(shown.dynamodb.Keys).sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    ...{ sequenceNumber, key, arrivedAt: createdAt, json: JSON.stringify(shown) },
    filtered: { members: { ...shown } },
  };
}
