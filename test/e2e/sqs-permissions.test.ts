import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { callJson } from '../support/json-client.ts';
import { type AccessKey, query, readKey } from '../support/query-client.ts';
import { createUser } from '../support/user.ts';

const ARN = 'arn:aws:sqs:us-east-1:000000000000:orders';

let isola: TestIsola;
let root: AccessKey;
let alice: AccessKey;
beforeAll(async () => {
  isola = await startTestIsola();
  root = readKey(isola.running.credentialsFile);
  alice = await createUser(isola, 'alice', [
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: ARN },
    { Effect: 'Allow', Action: 'sqs:CreateQueue', Resource: `${ARN}-*` },
  ]);
  await callJson(isola.url, root, 'AmazonSQS.CreateQueue', { QueueName: 'orders' });
});
afterAll(() => isola.stop());

const as = (key: AccessKey, operation: string, input: Record<string, unknown>) =>
  callJson(isola.url, key, `AmazonSQS.${operation}`, { QueueUrl: 'orders', ...input });

it('lets a user do what a policy allows on the ARN of the queue, batches by the same name', async () => {
  expect((await as(alice, 'SendMessage', { MessageBody: 'x' })).status).toBe(200);
  expect((await as(alice, 'SendMessageBatch', { Entries: [{ Id: 'a', MessageBody: 'x' }] })).status).toBe(200);
  expect((await as(alice, 'CreateQueue', { QueueName: 'orders-late' })).status).toBe(200);
});

it('refuses what no policy allows, in both protocols, whether the queue is there or not', async () => {
  const refusal = `User: arn:aws:iam::000000000000:user/alice is not authorized to perform: sqs:ReceiveMessage on resource: ${ARN} because no identity-based policy allows the sqs:ReceiveMessage action`;
  const json = await as(alice, 'ReceiveMessage', {});
  expect(json).toMatchObject({ status: 403, body: { message: refusal } });
  expect(json.headers['x-amzn-query-error']).toBe('AccessDenied;Sender');
  const xml = await query(isola.url, alice, 'sqs', 'ReceiveMessage', { QueueUrl: 'orders' });
  expect([xml.status, xml.text('Code'), xml.text('Message')]).toEqual([403, 'AccessDenied', refusal]);
  expect((await as(alice, 'DeleteQueue', { QueueUrl: 'nobody' })).status).toBe(403);
  expect((await as(alice, 'ListQueues', {})).status).toBe(403);
});

it("takes the queue's own policy into account", async () => {
  const statement = { Sid: 's', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::000000000000:user/alice' } };
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ ...statement, Action: 'sqs:ReceiveMessage', Resource: ARN }],
  });
  await as(root, 'SetQueueAttributes', { Attributes: { Policy } });
  expect((await as(alice, 'ReceiveMessage', {})).status).toBe(200);
  await as(root, 'SetQueueAttributes', { Attributes: { Policy: '' } });
  expect((await as(alice, 'ReceiveMessage', {})).status).toBe(403);
});
