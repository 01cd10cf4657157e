import { SnsSchema } from '@aws-lambda-powertools/parser/schemas';
import {
  AddPermissionCommand,
  InvokeCommand,
  PutFunctionEventInvokeConfigCommand,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import { CreateTopicCommand, PublishCommand, type SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { createRole } from '../support/role.ts';
import { createSnsClient, receive, TOPICS_MAY_SEND } from '../support/sns.ts';
import { createSqsClient } from '../support/sqs-client.ts';
import { guest } from '../support/wat.ts';

const arnOf = (service: string, name: string): string => `arn:aws:${service}:us-east-1:000000000000:${name}`;

describe('functions and topics', () => {
  let isola: TestIsola;
  let sns: SNSClient;
  let sqs: SQSClient;
  let Role: string;
  beforeAll(async () => {
    isola = await startTestIsola({ ISOLA_THREADS: '2', ISOLA_ASYNC_RETRY_DELAYS: '0.01,0.01' });
    sns = createSnsClient(isola);
    sqs = createSqsClient(isola.running);
    const Action = ['sqs:SendMessage', 'sns:Publish'];
    Role = await createRole(isola.running, 'teller', [{ Effect: 'Allow', Action, Resource: '*' }]);
  });
  afterAll(async () => {
    sns.destroy();
    sqs.destroy();
    await isola.stop();
  });

  const createQueue = async (QueueName: string): Promise<string> => {
    const Attributes = { Policy: TOPICS_MAY_SEND };
    return (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
  };
  const createTopic = async (Name: string): Promise<string> =>
    (await sns.send(new CreateTopicCommand({ Name }))).TopicArn ?? '';
  const subscribe = async (TopicArn: string, Endpoint: string, Attributes: Record<string, string> = {}) => {
    const Protocol = Endpoint.split(':')[2];
    return (await sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes }))).SubscriptionArn ?? '';
  };
  const publish = (TopicArn: string, Message: string) =>
    sns.send(
      new PublishCommand({
        ...{ TopicArn, Message, Subject: 'To a function' },
        MessageAttributes: { a: { DataType: 'Binary', BinaryValue: new Uint8Array([1]) } },
      }),
    );

  it('get what is published, in an event that AWS Lambda Powertools reads, once their policy lets the topic', async () => {
    const heard = await createQueue('heard');
    const dead = await createQueue('dead');
    await isola.create('listener', guest('echo'), { Role });
    const DestinationConfig = { OnSuccess: { Destination: arnOf('sqs', 'heard') } };
    await isola.client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: 'listener', DestinationConfig }));
    const TopicArn = await createTopic('news');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('sqs', 'dead') });
    const SubscriptionArn = await subscribe(TopicArn, arnOf('lambda', 'function:listener'), { RedrivePolicy });
    await publish(TopicArn, 'nobody may');
    const [letter] = await receive(sqs, dead, 1);
    expect(JSON.parse(letter?.body ?? '')).toMatchObject({ Type: 'Notification', Message: 'nobody may' });

    const permission = { FunctionName: 'listener', StatementId: 'news', Action: 'lambda:InvokeFunction' };
    const Principal = 'sns.amazonaws.com';
    await isola.client.send(new AddPermissionCommand({ ...permission, Principal, SourceArn: TopicArn }));
    const { MessageId } = await publish(TopicArn, 'hello');
    const [told] = await receive(sqs, heard, 1);
    const { requestPayload } = JSON.parse(told?.body ?? '');
    expect(SnsSchema.parse(requestPayload).Records).toMatchObject([
      {
        ...{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: SubscriptionArn },
        Sns: {
          ...{ Type: 'Notification', MessageId, TopicArn, Subject: 'To a function', Message: 'hello' },
          MessageAttributes: { a: { Type: 'Binary', Value: 'AQ==' } },
        },
      },
    ]);
    const revoked = { FunctionName: 'listener', StatementId: 'news' };
    await isola.client.send(new RemovePermissionCommand(revoked));
    const elsewhere = { ...permission, Principal, SourceArn: `${TopicArn}-of-others` };
    await isola.client.send(new AddPermissionCommand(elsewhere));
    await publish(TopicArn, 'not from here');
    expect(JSON.parse((await receive(sqs, dead, 1))[0]?.body ?? '').Message).toBe('not from here');
  });

  it('publish how their events ended, and their dead letters', async () => {
    const told = await createQueue('told');
    for (const name of ['endings', 'letters']) {
      await subscribe(await createTopic(name), arnOf('sqs', 'told'));
    }
    await isola.create('bad', guest('trap'), { Role, DeadLetterConfig: { TargetArn: arnOf('sns', 'letters') } });
    const DestinationConfig = { OnFailure: { Destination: arnOf('sns', 'endings') } };
    await isola.client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: 'bad', DestinationConfig }));
    const Payload = Buffer.from('{"poison":"ü"}');
    const { $metadata } = await isola.client.send(
      new InvokeCommand({ FunctionName: 'bad', InvocationType: 'Event', Payload }),
    );
    const bodies = (await receive(sqs, told, 2)).map(({ body }) => JSON.parse(body));
    const ending = bodies.find(({ TopicArn }) => TopicArn === arnOf('sns', 'endings'));
    const letter = bodies.find(({ TopicArn }) => TopicArn === arnOf('sns', 'letters'));
    expect(JSON.parse(ending.Message)).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', requestId: $metadata.requestId },
      requestPayload: { poison: 'ü' },
    });
    expect(letter).toMatchObject({
      Message: '{"poison":"ü"}',
      MessageAttributes: {
        RequestID: { Type: 'String', Value: $metadata.requestId },
        ErrorCode: { Type: 'Number', Value: '200' },
        ErrorMessage: { Type: 'String', Value: expect.any(String) },
      },
    });
  });
});
