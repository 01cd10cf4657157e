import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { callJson } from '../support/json-client.ts';
import { type AccessKey, readKey } from '../support/query-client.ts';
import { createUser } from '../support/user.ts';

const ARN = 'arn:aws:logs:us-east-1:000000000000:log-group:/app';

let isola: TestIsola;
let root: AccessKey;
let alice: AccessKey;
beforeAll(async () => {
  isola = await startTestIsola();
  root = readKey(isola.running.credentialsFile);
  alice = await createUser(isola, 'alice', [
    { Effect: 'Allow', Action: ['logs:FilterLogEvents', 'logs:CreateLogStream'], Resource: `${ARN}:*` },
    { Effect: 'Allow', Action: ['logs:PutLogEvents', 'logs:GetLogEvents'], Resource: `${ARN}:log-stream:mine*` },
    { Effect: 'Allow', Action: 'logs:ListTagsForResource', Resource: ARN },
  ]);
  for (const logGroupName of ['/app', '/other'])
    expect((await as(root, 'CreateLogGroup', { logGroupName })).status).toBe(200);
});
afterAll(() => isola.stop());

const as = (key: AccessKey, operation: string, input: Record<string, unknown>) =>
  callJson(isola.url, key, `Logs_20140328.${operation}`, input, { service: 'logs' });
const logEvents = [{ timestamp: Date.now(), message: 'x' }];

it('lets a user do what a policy allows on the ARN of the group or the stream', async () => {
  const statusOf = async (operation: string, input: Record<string, unknown>) =>
    (await as(alice, operation, input)).status;
  const mine = { logGroupName: '/app', logStreamName: 'mine' };
  expect(await statusOf('CreateLogStream', mine)).toBe(200);
  expect(await statusOf('PutLogEvents', { ...mine, logEvents })).toBe(200);
  expect(await statusOf('GetLogEvents', { logGroupIdentifier: ARN, logStreamName: 'mine' })).toBe(200);
  expect(await statusOf('FilterLogEvents', { logGroupName: '/app' })).toBe(200);
  expect(await statusOf('ListTagsForResource', { resourceArn: ARN })).toBe(200);
});

it('refuses what no policy allows, whether it is there or not', async () => {
  const refused = await as(alice, 'PutLogEvents', { logGroupName: '/app', logStreamName: 'theirs', logEvents });
  const resource = `${ARN}:log-stream:theirs`;
  expect(refused).toMatchObject({
    status: 403,
    body: {
      __type: expect.stringMatching(/#AccessDeniedException$/),
      message: `User: arn:aws:iam::000000000000:user/alice is not authorized to perform: logs:PutLogEvents on resource: ${resource} because no identity-based policy allows the logs:PutLogEvents action`,
    },
  });
  for (const [operation, input] of [
    ['FilterLogEvents', { logGroupName: '/other' }],
    ['FilterLogEvents', { logGroupName: '/missing' }],
    ['DescribeLogGroups', {}],
    ['DescribeLogStreams', { logGroupName: '/app' }],
    ['DeleteLogGroup', { logGroupName: '/app' }],
    ['DeleteLogStream', { logGroupName: '/app', logStreamName: 'mine' }],
    ['TagResource', { resourceArn: ARN, tags: {} }],
    ['PutRetentionPolicy', { logGroupName: '/app', retentionInDays: 1 }],
    ['PutSubscriptionFilter', { logGroupName: '/app' }],
  ] as const) {
    expect([operation, (await as(alice, operation, input)).status]).toEqual([operation, 403]);
  }
});
