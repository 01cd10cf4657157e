import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateTopicCommand, SetTopicAttributesCommand, type SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { readKey } from '../support/query-client.ts';
import { createSnsClient, receive, TOPICS_MAY_SEND } from '../support/sns.ts';
import { createSqsClient } from '../support/sqs-client.ts';

const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;

let isola: TestIsola;
let sns: SNSClient;
let sqs: SQSClient;
let events: EventBridgeClient;
beforeAll(async () => {
  isola = await startTestIsola();
  sns = createSnsClient(isola);
  sqs = createSqsClient(isola.running);
  const credentials = readKey(isola.running.credentialsFile);
  events = new EventBridgeClient({ endpoint: isola.url, region: 'us-east-1', maxAttempts: 1, credentials });
});
afterAll(async () => {
  for (const client of [sns, sqs, events]) client.destroy();
  await isola.stop();
});

it('are told of events by rules that their policy lets', async () => {
  const createQueue = async (QueueName: string, Policy: string) =>
    (await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { Policy } }))).QueueUrl ?? '';
  const heard = await createQueue('heard', TOPICS_MAY_SEND);
  const dead = await createQueue('dead', TOPICS_MAY_SEND.replace('sns.', 'events.'));
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'told' }));
  const Attributes = { RawMessageDelivery: 'true' };
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queueArn('heard'), Attributes }));
  const EventPattern = JSON.stringify({ source: ['shop'] });
  const { RuleArn = '' } = await events.send(new PutRuleCommand({ Name: 'orders', EventPattern }));
  const target = { Id: 'topic', Arn: TopicArn, InputPath: '$.detail', DeadLetterConfig: { Arn: queueArn('dead') } };
  await events.send(new PutTargetsCommand({ Rule: 'orders', Targets: [target] }));
  const put = (Detail: string) =>
    events.send(new PutEventsCommand({ Entries: [{ Source: 'shop', DetailType: 'order', Detail }] }));
  await put('{"order":1}');
  expect(JSON.parse((await receive(sqs, dead, 1))[0]?.body ?? '').detail).toEqual({ order: 1 });
  const AttributeValue = JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      ...{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sns:Publish', Resource: TopicArn },
      Condition: { ArnEquals: { 'aws:SourceArn': RuleArn } },
    },
  });
  await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }));
  await put('{"order":2}');
  expect((await receive(sqs, heard, 1))[0]?.body).toBe('{"order":2}');
});
