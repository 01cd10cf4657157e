import { KinesisDataStreamSchema } from '@aws-lambda-powertools/parser/schemas';
import { expect, it } from 'vitest';
import { toKinesisEventRecord } from '../../runtime/events/kinesis.ts';
import { toWindowMembers } from '../../runtime/triggers/mappings/tumbling-window.ts';

const streamArn = 'arn:aws:kinesis:eu-west-1:000000000000:stream/clicks';
const record = toKinesisEventRecord(
  {
    sequenceNumber: '49590338271490256608559692538361571095921575989136588898',
    partitionKey: 'k',
    data: Buffer.from('{"a":1}'),
    arrivedAt: 1_700_000_000_123,
  },
  { streamArn, shardId: 'shardId-000000000006', role: 'arn:aws:iam::000000000000:role/r' },
);

it('makes the event of a stream that AWS sends', () => {
  expect(record).toMatchObject({
    kinesis: { data: 'eyJhIjoxfQ==', approximateArrivalTimestamp: 1_700_000_000.123 },
    eventID: 'shardId-000000000006:49590338271490256608559692538361571095921575989136588898',
    awsRegion: 'eu-west-1',
  });
  expect(KinesisDataStreamSchema.parse({ Records: [record] }).Records[0]?.kinesis.data).toEqual({ a: 1 });
});

it('makes the event of a window that AWS sends', () => {
  const window = { start: 1_700_000_000_000, state: { count: 3 } };
  const about = { window, lengthMs: 30_000, shardId: 'shardId-000000000006', arn: streamArn };
  const event = JSON.parse(
    `{"Records":[${JSON.stringify(record)}],${toWindowMembers({ ...about, phase: 'open' })}}`,
  ) as unknown;
  expect(event).toMatchObject({
    window: { start: '2023-11-14T22:13:20Z', end: '2023-11-14T22:13:50Z' },
    ...{ state: { count: 3 }, isFinalInvokeForWindow: false, isWindowTerminatedEarly: false },
  });
  expect(KinesisDataStreamSchema.safeParse(event).success).toBe(true);
});
