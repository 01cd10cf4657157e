import {
  APIGatewayProxyEventSchema,
  APIGatewayProxyEventV2Schema,
  APIGatewayRequestAuthorizerEventV2Schema,
  DynamoDBStreamSchema,
  EventBridgeSchema,
  KinesisDataStreamSchema,
  LambdaFunctionUrlSchema,
  S3Schema,
  SnsSchema,
  SnsSqsNotificationSchema,
  SqsSchema,
} from '@aws-lambda-powertools/parser/schemas';
import { CreateAuthorizerCommand, CreateIntegrationCommand, CreateRouteCommand } from '@aws-sdk/client-apigatewayv2';
import { PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { AddPermissionCommand, CreateEventSourceMappingCommand, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, PublishCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toScheduledEvent } from '../../runtime/events/schedule.ts';
import { createApisClient, createQuickApi, toArn, visit } from '../support/apis.ts';
import { type CaughtEvents, catchEvents } from '../support/caught-events.ts';
import { startDynamodbStreams, type TestDynamodbStreams } from '../support/dynamodb-streams.ts';
import { createEventsClient } from '../support/events-client.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { startKinesis, type TestKinesis } from '../support/kinesalite.ts';
import { createS3Client } from '../support/s3-client.ts';
import { createSnsClient } from '../support/sns.ts';
import { createSqsClient } from '../support/sqs-client.ts';
import { guest } from '../support/wat.ts';

const MINUTES = 60_000;

describe('what functions are given, read by the schemas of AWS Lambda Powertools', () => {
  let isola: TestIsola;
  let caught: CaughtEvents;
  let kinesis: TestKinesis;
  let tables: TestDynamodbStreams;
  beforeAll(async () => {
    [kinesis, tables] = await Promise.all([startKinesis(), startDynamodbStreams()]);
    isola = await startTestIsola({
      ...{ ISOLA_THREADS: '2', ISOLA_KINESIS_ENDPOINT: kinesis.url, ISOLA_DYNAMODB_STREAMS_ENDPOINT: tables.url },
    });
    caught = await catchEvents(isola);
  });
  afterAll(async () => {
    await isola.stop();
    await Promise.all([kinesis.stop(), tables.stop()]);
  });
  /** A function that a service may invoke; answers its ARN. */
  const createFor = async (Principal: string, name: string): Promise<string> => {
    const arn = await caught.createFunction(name);
    const permission = { FunctionName: name, StatementId: 'service', Action: 'lambda:InvokeFunction', Principal };
    await isola.client.send(new AddPermissionCommand(permission));
    return arn;
  };

  it('is an event of a function URL', async () => {
    await isola.create('page', guest('echo'));
    await isola.openUrl('page');
    const target = `${isola.url}/url/page/a%2Fb?x=1&x=2&y=`;
    const headers = { cookie: 'a=1; b=2', 'content-type': 'application/json' };
    const asked = await fetch(target, { method: 'POST', headers, body: '{"a":1}' });
    const event = LambdaFunctionUrlSchema.parse(await asked.json());
    expect(event).toMatchObject({
      ...{ rawPath: '/a%2Fb', queryStringParameters: { x: '1,2', y: '' }, cookies: ['a=1', 'b=2'] },
      ...{ body: '{"a":1}', isBase64Encoded: false, requestContext: { http: { method: 'POST' } } },
    });
    const bare = await fetch(`${isola.url}/url/page/`);
    expect(LambdaFunctionUrlSchema.safeParse(await bare.json()).error).toBeUndefined();
  });

  it('is an event of an HTTP API, in either format, or what an authorizer is asked', {
    timeout: 5 * MINUTES,
  }, async () => {
    await isola.create('routed', guest('echo'));
    const apis = createApisClient(isola);
    const apiId = await createQuickApi(isola, apis, 'routed');
    const event = APIGatewayProxyEventV2Schema.parse((await visit(isola, apiId, '/a?b=c')).body());
    expect(event).toMatchObject({ rawPath: '/a', queryStringParameters: { b: 'c' }, requestContext: { apiId } });

    const IntegrationUri = await createFor('apigateway.amazonaws.com', 'dated');
    const integration = { IntegrationType: 'AWS_PROXY', IntegrationUri } as const;
    const { IntegrationId } = await apis.send(
      new CreateIntegrationCommand({ ApiId: apiId, ...integration, PayloadFormatVersion: '1.0' }),
    );
    await createFor('apigateway.amazonaws.com', 'gate');
    const { AuthorizerId } = await apis.send(
      new CreateAuthorizerCommand({
        ...{ ApiId: apiId, Name: 'gate', AuthorizerType: 'REQUEST', AuthorizerUri: toArn('gate') },
        ...{ AuthorizerPayloadFormatVersion: '2.0', IdentitySource: ['$request.header.x-key'] },
      }),
    );
    const Target = `integrations/${IntegrationId}`;
    await apis.send(new CreateRouteCommand({ ApiId: apiId, RouteKey: 'GET /old/{id}', Target }));
    const guarded = { RouteKey: 'GET /shut/{id}', AuthorizationType: 'CUSTOM', AuthorizerId } as const;
    await apis.send(new CreateRouteCommand({ ApiId: apiId, Target, ...guarded }));
    await visit(isola, apiId, '/old/7?b=c&b=d');
    const old = APIGatewayProxyEventSchema.parse(await caught.next());
    expect(old).toMatchObject({
      ...{ resource: '/old/{id}', httpMethod: 'GET', pathParameters: { id: '7' } },
      multiValueQueryStringParameters: { b: ['c', 'd'] },
    });
    await visit(isola, apiId, '/shut/8', { headers: { 'x-key': 'k' } });
    expect(APIGatewayRequestAuthorizerEventV2Schema.parse(await caught.next())).toMatchObject({
      ...{ routeKey: 'GET /shut/{id}', identitySource: ['k'], pathParameters: { id: '8' } },
    });
    apis.destroy();
  });

  it('is a message of a topic, or what a queue was told of it', { timeout: 5 * MINUTES }, async () => {
    const sns = createSnsClient(isola);
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'news' }));
    const hears = await createFor('sns.amazonaws.com', 'hears');
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'lambda', Endpoint: hears }));
    const MessageAttributes = {
      kind: { DataType: 'String', StringValue: 'new' },
      bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255]) },
    };
    const said = { Subject: 'S', Message: 'größer', MessageAttributes };
    const { MessageId } = await sns.send(new PublishCommand({ TopicArn, ...said }));
    const { Records } = SnsSchema.parse(await caught.next());
    expect(Records).toMatchObject([
      {
        Sns: {
          ...{ MessageId, TopicArn, Subject: 'S', Message: 'größer' },
          MessageAttributes: { kind: { Type: 'String', Value: 'new' }, bytes: { Type: 'Binary', Value: 'AP8=' } },
        },
      },
    ]);
    await isola.client.send(new RemovePermissionCommand({ FunctionName: 'hears', StatementId: 'service' }));
    await caught.subscribe(sns, TopicArn ?? '');
    await sns.send(new PublishCommand({ TopicArn, ...said }));
    expect(SnsSqsNotificationSchema.parse(await caught.next())).toMatchObject({ TopicArn, Message: 'größer' });
    sns.destroy();
  });

  it('is an event of a bus, or of a schedule', { timeout: 5 * MINUTES }, async () => {
    const events = createEventsClient(isola.running);
    const Arn = await createFor('events.amazonaws.com', 'ruled');
    const EventPattern = JSON.stringify({ source: ['shop'] });
    const { RuleArn = '' } = await events.send(new PutRuleCommand({ Name: 'orders', EventPattern }));
    await events.send(new PutTargetsCommand({ Rule: 'orders', Targets: [{ Id: '1', Arn }] }));
    const Entries = [{ Source: 'shop', DetailType: 'order', Detail: '{"n":7}', Resources: ['arn:aws:s3:::b'] }];
    await events.send(new PutEventsCommand({ Entries }));
    expect(EventBridgeSchema.parse(await caught.next())).toMatchObject({
      ...{ source: 'shop', 'detail-type': 'order', detail: { n: 7 }, resources: ['arn:aws:s3:::b'] },
      ...{ account: '000000000000', region: 'us-east-1' },
    });
    const due = { id: 'e', at: Date.now(), region: 'us-east-1', accountId: '000000000000', ruleArn: RuleArn };
    expect(EventBridgeSchema.parse(toScheduledEvent(due))).toMatchObject({ resources: [RuleArn], detail: {} });
    events.destroy();
  });

  it('is what became of an object', { timeout: 5 * MINUTES }, async () => {
    const s3 = createS3Client(isola);
    const LambdaFunctionArn = await createFor('s3.amazonaws.com', 'looks');
    await s3.send(new CreateBucketCommand({ Bucket: 'photos' }));
    const rule = { LambdaFunctionArn, Events: ['s3:ObjectCreated:*' as const, 's3:ObjectRemoved:*' as const] };
    const NotificationConfiguration = { LambdaFunctionConfigurations: [rule] };
    await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: 'photos', NotificationConfiguration }));
    await s3.send(new PutObjectCommand({ Bucket: 'photos', Key: 'a b.txt', Body: 'hello' }));
    const created = S3Schema.parse(await caught.next());
    const object = { key: 'a+b.txt', size: 5, eTag: '5d41402abc4b2a76b9719d911017c592' };
    expect(created.Records).toMatchObject([
      { eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'photos', arn: 'arn:aws:s3:::photos' }, object } },
    ]);
    await s3.send(new DeleteObjectCommand({ Bucket: 'photos', Key: 'a b.txt' }));
    const removed = S3Schema.parse(await caught.next());
    expect(removed.Records).toMatchObject([{ eventName: 'ObjectRemoved:Delete', s3: { object: { key: 'a+b.txt' } } }]);
    s3.destroy();
  });

  it('is a batch of a stream', { timeout: 5 * MINUTES }, async () => {
    const map = async (name: string, EventSourceArn: string): Promise<void> => {
      const mapping = { FunctionName: await caught.createFunction(name), EventSourceArn };
      const command = new CreateEventSourceMappingCommand({ ...mapping, StartingPosition: 'TRIM_HORIZON' });
      await isola.client.send(command);
    };
    const stream = await kinesis.createStream('clicks');
    await kinesis.put('clicks', 'key', 'größer');
    await map('clicked', stream);
    const clicks = KinesisDataStreamSchema.parse(await caught.next());
    expect(clicks.Records).toMatchObject([
      { eventSourceARN: stream, eventName: 'aws:kinesis:record', kinesis: { partitionKey: 'key', data: 'größer' } },
    ]);
    const table = tables.createStream('orders');
    table.put('7');
    await map('changed', table.arn);
    const changes = DynamoDBStreamSchema.parse(await caught.next());
    expect(changes.Records).toMatchObject([
      { eventSourceARN: table.arn, eventSource: 'aws:dynamodb', dynamodb: { Keys: { id: '7' } } },
    ]);
  });

  it('is a batch of a queue, standard or FIFO', { timeout: 5 * MINUTES }, async () => {
    const sqs = createSqsClient(isola.running);
    for (const name of ['orders', 'orders.fifo']) {
      const isFifo = name.endsWith('.fifo');
      const Attributes = isFifo ? { FifoQueue: 'true' } : {};
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
      const FunctionName = await caught.createFunction(`reads-${name.replace('.', '-')}`);
      const EventSourceArn = `arn:aws:sqs:us-east-1:000000000000:${name}`;
      await isola.client.send(new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn }));
      const MessageAttributes = {
        kind: { DataType: 'String', StringValue: 'new' },
        bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255]) },
      };
      const fifo = isFifo ? { MessageGroupId: 'g', MessageDeduplicationId: 'd' } : {};
      const MessageBody = 'größer';
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes, ...fifo }));
      const { Records } = SqsSchema.parse(await caught.next());
      expect(Records).toMatchObject([
        {
          ...{ body: 'größer', eventSourceARN: EventSourceArn, awsRegion: 'us-east-1' },
          attributes: { ApproximateReceiveCount: '1', SenderId: '000000000000', ...fifo },
          messageAttributes: { kind: { stringValue: 'new' }, bytes: { binaryValue: 'AP8=' } },
        },
      ]);
    }
    sqs.destroy();
  });
});
