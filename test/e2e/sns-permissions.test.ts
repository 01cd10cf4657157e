import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { type AccessKey, query, readKey } from '../support/query-client.ts';
import { createUser } from '../support/user.ts';

const ARN = 'arn:aws:sns:us-east-1:000000000000:news';
const ALICE = 'arn:aws:iam::000000000000:user/alice';

let isola: TestIsola;
let root: AccessKey;
let alice: AccessKey;
beforeAll(async () => {
  isola = await startTestIsola();
  root = readKey(isola.running.credentialsFile);
  alice = await createUser(isola, 'alice', [
    { Effect: 'Allow', Action: 'sns:Publish', Resource: ARN },
    { Effect: 'Allow', Action: 'sns:CreateTopic', Resource: `${ARN}-*` },
  ]);
  await query(isola.url, root, 'sns', 'CreateTopic', { Name: 'news' });
});
afterAll(() => isola.stop());

const as = (key: AccessKey, operation: string, form: Record<string, string> = {}) =>
  query(isola.url, key, 'sns', operation, form);

it('lets a user do what a policy allows on the ARN of the topic, batches by the same name', async () => {
  expect((await as(alice, 'Publish', { TopicArn: ARN, Message: 'x' })).status).toBe(200);
  const entry = { 'PublishBatchRequestEntries.member.1.Id': 'a', 'PublishBatchRequestEntries.member.1.Message': 'x' };
  expect((await as(alice, 'PublishBatch', { TopicArn: ARN, ...entry })).status).toBe(200);
  expect((await as(alice, 'CreateTopic', { Name: 'news-late' })).status).toBe(200);
});

it.each<[string, Record<string, string>, string]>([
  ['Publish', { TopicArn: `${ARN}-late`, Message: 'x' }, `${ARN}-late`],
  ['CreateTopic', { Name: 'other' }, 'arn:aws:sns:us-east-1:000000000000:other'],
  ['Subscribe', { TopicArn: ARN, Protocol: 'sqs', Endpoint: 'arn:aws:sqs:us-east-1:000000000000:q' }, ARN],
  [
    'DeleteTopic',
    { TopicArn: 'arn:aws:sns:us-east-1:000000000000:nobody' },
    'arn:aws:sns:us-east-1:000000000000:nobody',
  ],
  ['ListTopics', {}, '*'],
  ['ListSubscriptions', {}, '*'],
  ['TagResource', { ResourceArn: ARN }, ARN],
  ['GetSubscriptionAttributes', { SubscriptionArn: `${ARN}:${'0'.repeat(36)}` }, ARN],
  ['Unsubscribe', { SubscriptionArn: `${ARN}:${'0'.repeat(36)}` }, ARN],
  ['ConfirmSubscription', { TopicArn: ARN, Token: 'x' }, ARN],
  ['SetTopicAttributes', { TopicArn: ARN, AttributeName: 'DisplayName', AttributeValue: 'x' }, ARN],
])('refuses %s, which no policy allows, whether the topic is there or not', async (operation, form, resource) => {
  const answer = await as(alice, operation, form);
  const action = `sns:${operation}`;
  expect([answer.status, answer.text('Code'), answer.text('Message')]).toEqual([
    403,
    'AccessDenied',
    `User: ${ALICE} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
  ]);
});

it("takes the topic's own policy into account", async () => {
  const statement = { Sid: 's', Effect: 'Allow', Principal: { AWS: ALICE }, Action: 'SNS:GetTopicAttributes' };
  const AttributeValue = JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement, Resource: ARN }] });
  expect((await as(alice, 'GetTopicAttributes', { TopicArn: ARN })).status).toBe(403);
  await as(root, 'SetTopicAttributes', { TopicArn: ARN, AttributeName: 'Policy', AttributeValue });
  expect((await as(alice, 'GetTopicAttributes', { TopicArn: ARN })).status).toBe(200);
});

it('knows by what protocol an endpoint is subscribed', async () => {
  const statement = { Sid: 's', Effect: 'Allow', Principal: { AWS: ALICE }, Action: 'SNS:Subscribe', Resource: ARN };
  const Condition = { StringEquals: { 'sns:Protocol': 'sqs' }, StringLike: { 'SNS:Endpoint': '*:letters' } };
  const AttributeValue = JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement, Condition }] });
  await as(root, 'SetTopicAttributes', { TopicArn: ARN, AttributeName: 'Policy', AttributeValue });
  const subscribe = async (Protocol: string, Endpoint: string) =>
    (await as(alice, 'Subscribe', { TopicArn: ARN, Protocol, Endpoint })).status;
  expect(await subscribe('sqs', 'arn:aws:sqs:us-east-1:000000000000:letters')).toBe(200);
  expect(await subscribe('sqs', 'arn:aws:sqs:us-east-1:000000000000:others')).toBe(403);
  expect(await subscribe('http', 'http://example.com/:letters')).toBe(403);
});
