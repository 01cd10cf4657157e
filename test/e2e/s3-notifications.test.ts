import { S3Schema } from '@aws-lambda-powertools/parser/schemas';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketNotificationConfigurationCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { createS3Client, refusalOf } from '../support/s3-client.ts';
import { createSqsClient } from '../support/sqs-client.ts';
import { guest } from '../support/wat.ts';

const ACCOUNT = '000000000000';
const arnOf = (queue: string): string => `arn:aws:sqs:us-east-1:${ACCOUNT}:${queue}`;
const FUNCTION = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:plain`;

interface Told {
  readonly eventName: string;
  readonly s3: { readonly object: { readonly key: string; readonly sequencer: string } };
}

describe('a notification', () => {
  let isola: TestIsola;
  let s3: S3Client;
  let sqs: SQSClient;
  beforeAll(async () => {
    isola = await startTestIsola();
    s3 = createS3Client(isola);
    sqs = createSqsClient(isola.running);
    await isola.create('plain', guest('echo'));
  });
  afterAll(async () => {
    s3.destroy();
    sqs.destroy();
    await isola.stop();
  });

  /** A queue that takes what the buckets say whose names begin like it. */
  async function makeQueue(QueueName: string): Promise<string> {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName }));
    const statement = {
      ...{ Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' }, Action: 'sqs:SendMessage' },
      ...{ Resource: arnOf(QueueName) },
      Condition: {
        ArnLike: { 'aws:SourceArn': `arn:aws:s3:::${QueueName}*` },
        StringEquals: { 'aws:SourceAccount': ACCOUNT },
      },
    };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    return QueueUrl;
  }

  async function receive(QueueUrl: string): Promise<Record<string, unknown>> {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    const [message] = Messages;
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
    return JSON.parse(message?.Body ?? '{}');
  }
  const receiveRecord = async (QueueUrl: string): Promise<Told> =>
    ((await receive(QueueUrl)) as { Records: Told[] }).Records[0] as Told;

  const notify = (Bucket: string, NotificationConfiguration: NotificationConfiguration, more: object = {}) =>
    s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration, ...more }));
  const makeBucket = (Bucket: string) => s3.send(new CreateBucketCommand({ Bucket }));
  const put = (Bucket: string, Key: string) => s3.send(new PutObjectCommand({ Bucket, Key, Body: 'hello' }));

  it('tells a queue of what is put, copied and deleted, in the shape that S3 has', async () => {
    const QueueUrl = await makeQueue('told');
    await makeBucket('told');
    const QueueConfigurations = [
      { Id: 'mine', QueueArn: arnOf('told'), Events: ['s3:ObjectCreated:*' as const, 's3:ObjectRemoved:*' as const] },
    ];
    await notify('told', { QueueConfigurations });
    expect(await receive(QueueUrl)).toMatchObject({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'told' });
    const { $metadata } = await put('told', 'größe/a b+c.png');
    const event = S3Schema.parse(await receive(QueueUrl));
    expect(event.Records).toMatchObject([
      {
        ...{ eventVersion: '2.1', eventSource: 'aws:s3', awsRegion: 'us-east-1', eventName: 'ObjectCreated:Put' },
        ...{ userIdentity: { principalId: ACCOUNT }, requestParameters: { sourceIPAddress: '127.0.0.1' } },
        responseElements: { 'x-amz-request-id': $metadata.requestId },
        s3: {
          ...{ s3SchemaVersion: '1.0', configurationId: 'mine' },
          bucket: { name: 'told', arn: 'arn:aws:s3:::told', ownerIdentity: { principalId: ACCOUNT } },
          object: { key: 'gr%C3%B6%C3%9Fe/a+b%2Bc.png', size: 5, eTag: '5d41402abc4b2a76b9719d911017c592' },
        },
      },
    ]);
    await s3.send(new CopyObjectCommand({ Bucket: 'told', Key: 'c', CopySource: 'told/gr%C3%B6%C3%9Fe/a b%2Bc.png' }));
    expect(await receiveRecord(QueueUrl)).toMatchObject({
      eventName: 'ObjectCreated:Copy',
      s3: { object: { key: 'c' } },
    });
    await s3.send(new DeleteObjectCommand({ Bucket: 'told', Key: 'absent' }));
    await s3.send(new DeleteObjectsCommand({ Bucket: 'told', Delete: { Objects: [{ Key: 'c' }] } }));
    const removed = S3Schema.parse(await receive(QueueUrl)).Records[0];
    expect(removed).toMatchObject({ eventName: 'ObjectRemoved:Delete', s3: { object: { key: 'c' } } });
    expect(removed?.s3.object).not.toHaveProperty('size');
  });

  it('is for those whose filter and events it suits', async () => {
    const [pictures, rest] = [await makeQueue('suits-pictures'), await makeQueue('suits')];
    await makeBucket('suits-pictures');
    const Filter = {
      Key: {
        FilterRules: [
          { Name: 'prefix' as const, Value: 'in/' },
          { Name: 'suffix' as const, Value: '.png' },
        ],
      },
    };
    const configuration: NotificationConfiguration = {
      QueueConfigurations: [
        { Id: 'a', QueueArn: arnOf('suits-pictures'), Events: ['s3:ObjectCreated:Put'], Filter },
        { Id: 'b', QueueArn: arnOf('suits'), Events: ['s3:ObjectRemoved:Delete'] },
      ],
    };
    await notify('suits-pictures', configuration);
    const stored = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket: 'suits-pictures' }));
    expect(stored.QueueConfigurations).toMatchObject([
      {
        ...configuration.QueueConfigurations?.[0],
        Filter: {
          Key: {
            FilterRules: [
              { Name: 'Prefix', Value: 'in/' },
              { Name: 'Suffix', Value: '.png' },
            ],
          },
        },
      },
      configuration.QueueConfigurations?.[1],
    ]);
    for (const queue of [pictures, rest]) expect(await receive(queue)).toMatchObject({ Event: 's3:TestEvent' });
    for (const key of ['in/a.txt', 'out/a.png', 'in/a.png']) await put('suits-pictures', key);
    await s3.send(new DeleteObjectCommand({ Bucket: 'suits-pictures', Key: 'out/a.png' }));
    expect(await receiveRecord(pictures)).toMatchObject({ s3: { object: { key: 'in/a.png' } } });
    expect(await receiveRecord(rest)).toMatchObject({
      eventName: 'ObjectRemoved:Delete',
      s3: { object: { key: 'out/a.png' } },
    });
    await notify('suits-pictures', {});
    expect(
      (await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket: 'suits-pictures' }))).QueueConfigurations,
    ).toBeUndefined();
  });

  it('counts up what becomes of a key', async () => {
    const QueueUrl = await makeQueue('counts');
    await makeBucket('counts');
    const target = { QueueArn: arnOf('counts'), Events: ['s3:ObjectCreated:*' as const] };
    await notify('counts', { QueueConfigurations: [target] });
    await receive(QueueUrl);
    const sequencers: string[] = [];
    for (let round = 0; round < 3; round++) {
      await put('counts', 'k');
      sequencers.push((await receiveRecord(QueueUrl)).s3.object.sequencer);
    }
    expect([...new Set(sequencers)].sort()).toEqual(sequencers);
  });

  it('is not configured for who would not have it, unless nobody is asked', async () => {
    await makeBucket('refused');
    const Events = ['s3:ObjectCreated:*' as const];
    await makeQueue('stranger');
    for (const refused of [
      { LambdaFunctionConfigurations: [{ LambdaFunctionArn: FUNCTION, Events }] },
      { LambdaFunctionConfigurations: [{ LambdaFunctionArn: `${FUNCTION}-absent`, Events }] },
      { QueueConfigurations: [{ QueueArn: arnOf('stranger'), Events }] },
      { QueueConfigurations: [{ QueueArn: arnOf('absent'), Events }] },
      { QueueConfigurations: [{ QueueArn: arnOf('some.fifo'), Events }] },
      { QueueConfigurations: [{ QueueArn: FUNCTION, Events }] },
      { QueueConfigurations: [{ QueueArn: 'arn', Events }] },
    ]) {
      expect(await refusalOf(notify('refused', refused)), JSON.stringify(refused)).toBe('InvalidArgument 400');
    }
    const believed = { LambdaFunctionConfigurations: [{ LambdaFunctionArn: FUNCTION, Events }] };
    await notify('refused', believed, { SkipDestinationValidation: true });
    await put('refused', 'k');
    expect(await refusalOf(notify('absent-bucket', {}))).toBe('NoSuchBucket 404');
  });

  it.each<[string, object]>([
    ['an event that there is not', { Events: ['s3:ObjectEaten:*'] }],
    ['no event', { Events: [] }],
    [
      'two prefixes',
      {
        Filter: {
          Key: {
            FilterRules: [
              { Name: 'prefix', Value: 'a' },
              { Name: 'Prefix', Value: 'b' },
            ],
          },
        },
      },
    ],
    ['a filter of another kind', { Filter: { Key: { FilterRules: [{ Name: 'infix', Value: 'a' }] } } }],
  ])('is not configured with %s', async (_, more) => {
    const target = { QueueArn: arnOf('any'), Events: ['s3:ObjectCreated:*' as const], ...more };
    const refused = notify('told', { QueueConfigurations: [target] }, { SkipDestinationValidation: true });
    expect(await refusalOf(refused)).toBe('InvalidArgument 400');
  });

  it('is not for two at once, unless their keys are apart', async () => {
    await makeBucket('apart');
    const rule = (Value: string, event: 's3:ObjectCreated:*' | 's3:ObjectCreated:Put' | 's3:ObjectRemoved:*') => ({
      ...{ QueueArn: arnOf('any'), Events: [event] },
      Filter: { Key: { FilterRules: [{ Name: 'suffix' as const, Value }] } },
    });
    const both = (...QueueConfigurations: ReturnType<typeof rule>[]) =>
      refusalOf(notify('apart', { QueueConfigurations }, { SkipDestinationValidation: true }));
    expect(await both(rule('.png', 's3:ObjectCreated:*'), rule('g', 's3:ObjectCreated:Put'))).toBe(
      'InvalidArgument 400',
    );
    expect(await both(rule('.png', 's3:ObjectCreated:*'), rule('.jpg', 's3:ObjectCreated:Put'))).toBe('done');
    expect(await both(rule('.png', 's3:ObjectCreated:*'), rule('.png', 's3:ObjectRemoved:*'))).toBe('done');
  });
});
