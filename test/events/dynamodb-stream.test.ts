import { DynamoDBStreamSchema } from '@aws-lambda-powertools/parser/schemas';
import { expect, it } from 'vitest';
import { toDynamodbEventRecord } from '../../runtime/events/dynamodb-stream.ts';

const ARN = 'arn:aws:dynamodb:eu-west-1:000000000000:table/items/stream/2026-01-01T00:00:00.000';

it('makes the event of a change that AWS sends', () => {
  const record = toDynamodbEventRecord(
    {
      ...{ eventID: 'c81e728d9d4c2f636f067f89cc14862c', eventName: 'MODIFY', eventVersion: '1.1' },
      ...{ sequenceNumber: '4421584500000000017450439092', createdAt: 1_700_000_000_999 },
      ...{ keys: { id: { N: '101' } }, sizeBytes: 59, streamViewType: 'NEW_AND_OLD_IMAGES' },
      newImage: {
        id: { N: '101' },
        bytes: { B: new Uint8Array([1, 2, 255]) },
        list: { L: [{ S: 'a' }, { BOOL: true }] },
      },
      oldImage: { id: { N: '101' }, none: { NULL: true } },
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
    },
    ARN,
  );
  expect(record).toMatchObject({
    awsRegion: 'eu-west-1',
    dynamodb: { ApproximateCreationDateTime: 1_700_000_000, NewImage: { bytes: { B: 'AQL/' } } },
  });
  expect(DynamoDBStreamSchema.parse({ Records: [record] }).Records[0]?.dynamodb.OldImage).toEqual({
    id: 101,
    none: null,
  });
});
