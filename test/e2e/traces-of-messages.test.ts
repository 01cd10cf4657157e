import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { AddPermissionCommand, CreateEventSourceMappingCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, PublishCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SPAN_KINDS } from '../../runtime/telemetry/traces/span.ts';
import { type ReceivedSpan, startCollector, type TestCollector } from '../support/collector.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { readKey } from '../support/query-client.ts';
import { createRole } from '../support/role.ts';
import { createSnsClient } from '../support/sns.ts';
import { guest } from '../support/wat.ts';

const SPANS = ['53995c3f42cd8ad8', '63995c3f42cd8ad8'] as const;
const TRACES = ['5759e988bd862e3fe1be46a994272793', '6759e988bd862e3fe1be46a994272793'] as const;
const toHeader = (which: 0 | 1): string =>
  `Root=1-${TRACES[which].slice(0, 8)}-${TRACES[which].slice(8)};Parent=${SPANS[which]};Sampled=1`;

/** A step of an SDK's client that says where in a trace it is. */
function sendTraceparent(traceId: string) {
  return <Args extends { readonly request: unknown }, Answer>(next: (args: Args) => Answer) =>
    (args: Args): Answer => {
      const { headers } = args.request as { headers: Record<string, string> };
      headers.traceparent = `00-${traceId}-${SPANS[0]}-01`;
      return next(args);
    };
}

describe('the trace of a message', () => {
  let collector: TestCollector;
  let isola: TestIsola;
  let sqs: SQSClient;
  beforeAll(async () => {
    collector = await startCollector();
    isola = await startTestIsola({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '20' });
    const credentials = readKey(isola.running.credentialsFile);
    sqs = new SQSClient({ endpoint: isola.url, region: 'us-east-1', credentials });
    const Role = await createRole(isola.running, 'able', [{ Effect: 'Allow', Action: ['sqs:*'], Resource: '*' }]);
    await Promise.all([
      isola.create('caller', guest('caller'), { Role, Timeout: 60 }),
      isola.create('consumer', guest('echo'), { Role, Timeout: 60 }),
    ]);
  });
  afterAll(async () => {
    sqs.destroy();
    await isola.stop();
    await collector.close();
  });

  const createQueue = async (QueueName: string): Promise<string> =>
    (await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout: '600' } }))).QueueUrl ?? '';
  const map = (queue: string, BatchSize: number) =>
    isola.client.send(
      new CreateEventSourceMappingCommand({
        ...{ FunctionName: 'consumer', EventSourceArn: `arn:aws:sqs:us-east-1:000000000000:${queue}`, BatchSize },
        MaximumBatchingWindowInSeconds: BatchSize === 1 ? 0 : 300,
      }),
    );
  const send = (QueueUrl: string, StringValue: string) =>
    sqs.send(
      new SendMessageCommand({
        ...{ QueueUrl, MessageBody: 'hello' },
        MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue } },
      }),
    );
  const receiveHeaders = async (QueueUrl: string): Promise<readonly (string | undefined)[]> => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        ...{ QueueUrl, MessageSystemAttributeNames: ['AWSTraceHeader'], MaxNumberOfMessages: 10, WaitTimeSeconds: 5 },
      }),
    );
    return Messages.map(({ Attributes }) => Attributes?.AWSTraceHeader);
  };
  const spanOf = async (isIt: (span: ReceivedSpan) => boolean): Promise<ReceivedSpan> => {
    const spans = await collector.until((all) => all.some(isIt));
    return spans.find(isIt) as ReceivedSpan;
  };

  it('goes on in the function that takes it, which is linked to each sender of its batch', async () => {
    const queue = await createQueue('batched');
    await send(queue, toHeader(0));
    await send(queue, toHeader(1));
    await map('batched', 2);
    const consumer = await spanOf(({ name, links }) => name === 'consumer' && links.length === 2);
    expect(consumer).toMatchObject({ traceId: TRACES[0], parentSpanId: SPANS[0], kind: SPAN_KINDS.consumer });
    expect(consumer.attributes).toMatchObject({ 'faas.trigger': 'pubsub' });
    expect(new Set(consumer.links.map(({ traceId, spanId }) => `${traceId} ${spanId}`))).toEqual(
      new Set([`${TRACES[0]} ${SPANS[0]}`, `${TRACES[1]} ${SPANS[1]}`]),
    );
  });

  it('is that of the request that sent it, or of the function', async () => {
    const queue = await createQueue('received');
    await sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: 'by a client' }));
    const Payload = Buffer.from(JSON.stringify({ op: 'queue.send', queue: 'received' }));
    await isola.client.send(new InvokeCommand({ FunctionName: 'caller', Payload }));
    const headers: (string | undefined)[] = [];
    while (headers.length < 2) headers.push(...(await receiveHeaders(queue)));
    const parents = headers.map((header) => /Parent=([0-9a-f]{16});Sampled=1/.exec(header ?? '')?.[1]);
    const sent = await Promise.all(parents.map((parent) => spanOf(({ spanId }) => spanId === parent)));
    expect(sent.map(({ name, kind }) => ({ name, kind }))).toEqual(
      expect.arrayContaining([
        { name: 'POST /', kind: SPAN_KINDS.server },
        { name: 'queue.send', kind: SPAN_KINDS.producer },
      ]),
    );
  });

  it('goes from whoever publishes to the functions that subscribe', async () => {
    const sns = createSnsClient(isola);
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'news' }));
    const permission = { FunctionName: 'consumer', StatementId: 'topics', Principal: 'sns.amazonaws.com' };
    await isola.client.send(new AddPermissionCommand({ ...permission, Action: 'lambda:InvokeFunction' }));
    const Endpoint = 'arn:aws:lambda:us-east-1:000000000000:function:consumer';
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'lambda', Endpoint }));
    const publish = new PublishCommand({ TopicArn, Message: 'hello' });
    const traceId = '7759e988bd862e3fe1be46a994272793';
    publish.middlewareStack.add(sendTraceparent(traceId), { step: 'build' });
    await sns.send(publish);
    sns.destroy();
    const consumer = await spanOf((span) => span.name === 'consumer' && span.traceId === traceId);
    const published = await spanOf(({ spanId }) => spanId === consumer.parentSpanId);
    expect(published).toMatchObject({ name: 'POST /', parentSpanId: SPANS[0], traceId });
    expect(consumer.links).toMatchObject([{ traceId, spanId: published.spanId }]);
  });

  it('goes from who puts an event to the functions that its rules name', async () => {
    const credentials = readKey(isola.running.credentialsFile);
    const events = new EventBridgeClient({ endpoint: isola.url, region: 'us-east-1', credentials });
    await events.send(new PutRuleCommand({ Name: 'orders', EventPattern: '{"source":["shop"]}' }));
    const permission = { FunctionName: 'consumer', StatementId: 'rules', Principal: 'events.amazonaws.com' };
    await isola.client.send(new AddPermissionCommand({ ...permission, Action: 'lambda:InvokeFunction' }));
    const Arn = 'arn:aws:lambda:us-east-1:000000000000:function:consumer';
    await events.send(new PutTargetsCommand({ Rule: 'orders', Targets: [{ Id: 'consumer', Arn }] }));
    const traceId = '8759e988bd862e3fe1be46a994272793';
    const put = new PutEventsCommand({ Entries: [{ Source: 'shop', DetailType: 'order', Detail: '{}' }] });
    put.middlewareStack.add(sendTraceparent(traceId), { step: 'build' });
    await events.send(put);
    events.destroy();
    const consumer = await spanOf((span) => span.name === 'consumer' && span.traceId === traceId);
    const request = await spanOf(({ spanId }) => spanId === consumer.parentSpanId);
    expect(request).toMatchObject({ name: 'POST /', parentSpanId: SPANS[0] });
  });

  it('goes from who writes an object to the queue that hears of it', async () => {
    const QueueUrl = await createQueue('objects');
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' }, Action: 'sqs:*', Resource: '*' }],
    });
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    const credentials = readKey(isola.running.credentialsFile);
    const s3 = new S3Client({ endpoint: isola.url, region: 'us-east-1', credentials, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'traced' }));
    const QueueArn = 'arn:aws:sqs:us-east-1:000000000000:objects';
    await s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: 'traced',
        NotificationConfiguration: { QueueConfigurations: [{ QueueArn, Events: ['s3:ObjectCreated:*'] }] },
      }),
    );
    const traceId = '9759e988bd862e3fe1be46a994272793';
    const put = new PutObjectCommand({ Bucket: 'traced', Key: 'a', Body: 'a' });
    put.middlewareStack.add(sendTraceparent(traceId), { step: 'build' });
    await s3.send(put);
    s3.destroy();
    const isTraced = (header: string | undefined): boolean => header?.includes(traceId.slice(8)) ?? false;
    await expect.poll(async () => (await receiveHeaders(QueueUrl)).some(isTraced)).toBe(true);
  });

  it('begins with the function where its messages bring none', async () => {
    const queue = await createQueue('untraced');
    await map('untraced', 1);
    await send(queue, 'Root=1-2-3');
    const consumer = await spanOf(({ name, links }) => name === 'consumer' && links.length === 0);
    expect(consumer.parentSpanId).toBeUndefined();
    expect(TRACES).not.toContain(consumer.traceId);
  });
});
