import { S3EventNotificationEventBridgeSchema, S3Schema } from '@aws-lambda-powertools/parser/schemas';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { readKey } from '../support/query-client.ts';
import { createS3Client } from '../support/s3-client.ts';

const ACCOUNT = '000000000000';

describe('what a bucket tells', () => {
  let isola: TestIsola;
  let s3: S3Client;
  let sqs: SQSClient;
  let options: { endpoint: string; region: string; credentials: ReturnType<typeof readKey> };
  beforeAll(async () => {
    isola = await startTestIsola();
    options = { endpoint: isola.url, region: 'us-east-1', credentials: readKey(isola.running.credentialsFile) };
    s3 = createS3Client(isola);
    sqs = new SQSClient(options);
  });
  afterAll(async () => {
    s3.destroy();
    sqs.destroy();
    await isola.stop();
  });

  async function makeQueue(QueueName: string, Service: string): Promise<{ url: string; arn: string }> {
    const { QueueUrl: url = '' } = await sqs.send(new CreateQueueCommand({ QueueName }));
    const arn = `arn:aws:sqs:us-east-1:${ACCOUNT}:${QueueName}`;
    const Statement = { Effect: 'Allow', Principal: { Service }, Action: 'sqs:SendMessage', Resource: arn };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { Policy } }));
    return { url, arn };
  }
  async function receive(QueueUrl: string): Promise<unknown> {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle }));
    return JSON.parse(Messages[0]?.Body ?? '{}');
  }

  it('comes to who is subscribed to a topic', async () => {
    const sns = new SNSClient(options);
    const queue = await makeQueue('subscribed', 'sns.amazonaws.com');
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'uploads' }));
    const Statement = {
      Effect: 'Allow',
      Principal: { Service: 's3.amazonaws.com' },
      Action: 'sns:Publish',
      Resource: TopicArn,
    };
    const AttributeValue = JSON.stringify({ Version: '2012-10-17', Statement });
    await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }));
    const Attributes = { RawMessageDelivery: 'true' };
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queue.arn, Attributes }));
    await s3.send(new CreateBucketCommand({ Bucket: 'topical' }));
    const NotificationConfiguration = { TopicConfigurations: [{ TopicArn, Events: ['s3:ObjectCreated:*' as const] }] };
    await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: 'topical', NotificationConfiguration }));
    expect(await receive(queue.url)).toMatchObject({ Event: 's3:TestEvent' });
    await s3.send(new PutObjectCommand({ Bucket: 'topical', Key: 'k', Body: 'hello' }));
    const { Records } = S3Schema.parse(await receive(queue.url));
    expect(Records[0]).toMatchObject({ eventName: 'ObjectCreated:Put', s3: { object: { key: 'k', size: 5 } } });
    sns.destroy();
  });

  it("comes to the rules of the account's event bus", async () => {
    const events = new EventBridgeClient(options);
    const queue = await makeQueue('ruled', 'events.amazonaws.com');
    const EventPattern = JSON.stringify({ source: ['aws.s3'], detail: { bucket: { name: ['bused'] } } });
    await events.send(new PutRuleCommand({ Name: 'uploads', EventPattern }));
    await events.send(new PutTargetsCommand({ Rule: 'uploads', Targets: [{ Id: 'queue', Arn: queue.arn }] }));
    await s3.send(new CreateBucketCommand({ Bucket: 'bused' }));
    const NotificationConfiguration = { EventBridgeConfiguration: {} };
    await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: 'bused', NotificationConfiguration }));
    const stored = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket: 'bused' }));
    expect(stored.EventBridgeConfiguration).toEqual({});
    await s3.send(new PutObjectCommand({ Bucket: 'bused', Key: 'a b', Body: 'hello' }));
    expect(S3EventNotificationEventBridgeSchema.parse(await receive(queue.url))).toMatchObject({
      ...{ source: 'aws.s3', 'detail-type': 'Object Created', resources: ['arn:aws:s3:::bused'] },
      detail: { bucket: { name: 'bused' }, object: { key: 'a b', size: 5 }, reason: 'PutObject' },
    });
    await s3.send(new DeleteObjectCommand({ Bucket: 'bused', Key: 'a b' }));
    expect(S3EventNotificationEventBridgeSchema.parse(await receive(queue.url))).toMatchObject({
      ...{ 'detail-type': 'Object Deleted' },
      detail: { object: { key: 'a b' }, reason: 'DeleteObject', 'deletion-type': 'Permanently Deleted' },
    });
    events.destroy();
  });
});
