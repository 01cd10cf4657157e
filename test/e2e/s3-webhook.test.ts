import { CreateBucketCommand, PutBucketNotificationConfigurationCommand } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { createS3Client } from '../support/s3-client.ts';
import { createSqsClient } from '../support/sqs-client.ts';

const TOKEN = 'a token of some length';
const ARN = 'arn:aws:sqs:us-east-1:000000000000:told';
const OBJECT = { key: 'in%2Fgr%C3%BCn+1.png', size: 7, eTag: 'e', contentType: 'image/png', sequencer: '17F3' };
/** As MinIO sends it. */
const RECORD = {
  ...{ eventVersion: '2.0', eventSource: 'minio:s3', awsRegion: '', eventTime: '2026-03-01T12:00:00.000Z' },
  ...{ eventName: 's3:ObjectCreated:Put', userIdentity: { principalId: 'minio' } },
  requestParameters: { principalId: 'minio', region: '', sourceIPAddress: '10.0.0.7' },
  responseElements: { 'x-amz-request-id': '17F3', 'x-minio-deployment-id': 'd' },
  s3: {
    ...{ s3SchemaVersion: '1.0', configurationId: 'Config' },
    bucket: { name: 'images', ownerIdentity: { principalId: 'minio' }, arn: 'arn:aws:s3:::images' },
    object: OBJECT,
  },
  source: { host: '10.0.0.7', port: '', userAgent: 'MinIO' },
};
const EVENT = { EventName: 's3:ObjectCreated:Put', Key: 'images/in/grün 1.png', Records: [RECORD] };

describe("another store's webhook", () => {
  let isola: TestIsola;
  let sqs: SQSClient;
  let QueueUrl: string;
  beforeAll(async () => {
    isola = await startTestIsola({ ISOLA_S3_WEBHOOK_TOKEN: TOKEN });
    const s3 = createS3Client(isola);
    sqs = createSqsClient(isola.running);
    ({ QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'told' })));
    const Statement = {
      Effect: 'Allow',
      Principal: { Service: 's3.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: ARN,
    };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    await s3.send(new CreateBucketCommand({ Bucket: 'images' }));
    const QueueConfigurations = [{ Id: 'n', QueueArn: ARN, Events: ['s3:ObjectCreated:*' as const] }];
    const configuration = { Bucket: 'images', NotificationConfiguration: { QueueConfigurations } };
    await s3.send(new PutBucketNotificationConfigurationCommand({ ...configuration, SkipDestinationValidation: true }));
    await receive();
    s3.destroy();
  });
  afterAll(async () => {
    sqs.destroy();
    await isola.stop();
  });

  const receive = async (WaitTimeSeconds = 0): Promise<unknown> => {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds }));
    return JSON.parse(Messages[0]?.Body ?? '{}');
  };
  const post = async (event: unknown, authorization?: string): Promise<number> => {
    const body = typeof event === 'string' ? event : JSON.stringify(event);
    const headers = { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) };
    return (await fetch(`${isola.url}/s3-webhook`, { method: 'POST', body, headers })).status;
  };

  it('is told on as the bucket of that name says', async () => {
    expect((await fetch(`${isola.url}/s3-webhook`, { method: 'HEAD' })).status).toBe(200);
    expect(await post(EVENT, `Bearer ${TOKEN}`)).toBe(200);
    expect(await receive(20)).toMatchObject({
      Records: [
        {
          ...{ eventVersion: '2.1', eventSource: 'aws:s3', awsRegion: 'us-east-1', eventName: 'ObjectCreated:Put' },
          ...{ eventTime: '2026-03-01T12:00:00.000Z', requestParameters: { sourceIPAddress: '10.0.0.7' } },
          s3: {
            ...{ configurationId: 'n', bucket: { name: 'images' } },
            object: { key: 'in/gr%C3%BCn+1.png', size: 7, eTag: 'e' },
          },
        },
      ],
    });
    const removed = { ...RECORD, eventName: 's3:ObjectRemoved:Delete' };
    expect(await post({ ...EVENT, Records: [removed] }, TOKEN)).toBe(200);
    expect(await receive()).toEqual({});
  });

  it('is refused without the token, and where there is none', async () => {
    for (const authorization of [undefined, 'Bearer', 'Bearer wrong', `Bearer ${TOKEN}x`]) {
      expect(await post(EVENT, authorization)).toBe(403);
    }
    const plain = await startTestIsola();
    const answer = await fetch(`${plain.url}/s3-webhook`, { method: 'POST', body: JSON.stringify(EVENT) });
    expect(answer.status).toBe(403);
    await plain.stop();
  });

  it('is refused when it says nothing that can be told', async () => {
    const change = (s3: object) => ({ ...EVENT, Records: [{ ...RECORD, s3: { ...RECORD.s3, ...s3 } }] });
    for (const event of [
      ...['', 'x', 'null', '[]', {}, { Records: 5 }, { Records: [null] }, { Records: [{}] }],
      ...[
        { ...EVENT, Records: [{ ...RECORD, eventName: 'x y' }] },
        { ...EVENT, Records: Array(1_001).fill(RECORD) },
      ],
      ...[change({ object: { key: '%zz' } }), change({ object: { key: 5 } }), change({ bucket: {} })],
    ]) {
      expect(await post(event, TOKEN), JSON.stringify(event).slice(0, 99)).toBe(400);
    }
    expect(await post(change({ bucket: { name: 'absent' } }), TOKEN)).toBe(404);
    expect(await receive()).toEqual({});
  });
});
