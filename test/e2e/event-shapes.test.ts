import {
  APIGatewayProxyEventV2Schema,
  LambdaFunctionUrlSchema,
  SnsSchema,
  SnsSqsNotificationSchema,
  SqsSchema,
} from '@aws-lambda-powertools/parser/schemas';
import { AddPermissionCommand, CreateEventSourceMappingCommand, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { CreateTopicCommand, PublishCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApisClient, createQuickApi, visit } from '../support/apis.ts';
import { type CaughtEvents, catchEvents } from '../support/caught-events.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { createSnsClient } from '../support/sns.ts';
import { createSqsClient } from '../support/sqs-client.ts';
import { guest } from '../support/wat.ts';

const MINUTES = 60_000;

describe('what functions are given, read by the schemas of AWS Lambda Powertools', () => {
  let isola: TestIsola;
  let caught: CaughtEvents;
  beforeAll(async () => {
    isola = await startTestIsola({ ISOLA_THREADS: '2' });
    caught = await catchEvents(isola);
  });
  afterAll(() => isola.stop());

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

  it('is an event of an HTTP API', async () => {
    await isola.create('routed', guest('echo'));
    const apis = createApisClient(isola);
    const apiId = await createQuickApi(isola, apis, 'routed');
    const event = APIGatewayProxyEventV2Schema.parse((await visit(isola, apiId, '/a?b=c')).body());
    expect(event).toMatchObject({ rawPath: '/a', queryStringParameters: { b: 'c' }, requestContext: { apiId } });
    apis.destroy();
  });

  it('is a message of a topic, or what a queue was told of it', { timeout: 5 * MINUTES }, async () => {
    const sns = createSnsClient(isola);
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'news' }));
    const hears = await caught.createFunction('hears');
    await isola.client.send(
      new AddPermissionCommand({
        ...{ FunctionName: 'hears', StatementId: 'news', Action: 'lambda:InvokeFunction' },
        ...{ Principal: 'sns.amazonaws.com', SourceArn: TopicArn },
      }),
    );
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
    await isola.client.send(new RemovePermissionCommand({ FunctionName: 'hears', StatementId: 'news' }));
    await caught.subscribe(sns, TopicArn ?? '');
    await sns.send(new PublishCommand({ TopicArn, ...said }));
    expect(SnsSqsNotificationSchema.parse(await caught.next())).toMatchObject({ TopicArn, Message: 'größer' });
    sns.destroy();
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
