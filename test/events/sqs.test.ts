import { SqsSchema } from '@aws-lambda-powertools/parser/schemas';
import { describe, expect, it } from 'vitest';
import { type SqsMessage, toSqsRecord } from '../../runtime/events/sqs.ts';

const ARN = 'arn:aws:sqs:eu-west-1:000000000000:orders';
const MESSAGE: SqsMessage = {
  messageId: '0a8c1f4e-6a3e-4f8a-9a5e-1d5b7c2e9f00',
  receiptHandle: 'handle',
  body: '{"a":1}',
  md5OfBody: '0'.repeat(32),
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: '1700000000000',
    SenderId: '000000000000',
    ApproximateFirstReceiveTimestamp: '1700000000001',
  },
  messageAttributes: {},
};

describe('an event of messages', () => {
  it('is what AWS sends', () => {
    const record = toSqsRecord(MESSAGE, ARN);
    expect(record).toMatchObject({ eventSource: 'aws:sqs', eventSourceARN: ARN, awsRegion: 'eu-west-1' });
    expect(SqsSchema.parse({ Records: [record] }).Records[0]?.body).toBe('{"a":1}');
  });

  it('has attributes of every type, bytes in base64', () => {
    const messageAttributes = {
      text: { DataType: 'String', StringValue: 'ü' },
      number: { DataType: 'Number.int', StringValue: '7' },
      bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 255]) },
    };
    const record = toSqsRecord({ ...MESSAGE, messageAttributes, md5OfMessageAttributes: '1'.repeat(32) }, ARN);
    const lists = { stringListValues: [], binaryListValues: [] };
    expect(record.messageAttributes).toEqual({
      text: { stringValue: 'ü', ...lists, dataType: 'String' },
      number: { stringValue: '7', ...lists, dataType: 'Number.int' },
      bytes: { binaryValue: 'AQL/', ...lists, dataType: 'Binary' },
    });
    expect(SqsSchema.safeParse({ Records: [record] }).success).toBe(true);
  });
});
