import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createScheduler } from '../../runtime/gateway/scheduler-api/scheduler-service.ts';
import { exchange } from '../support/exchange.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';

/** `MALFORMED_SEED=...` draws others. */
const RUNS = Number(process.env.MALFORMED_RUNS ?? 1_000);
const SEED = Number(process.env.MALFORMED_SEED ?? 1);

const RoleArn = 'arn:aws:iam::000000000000:role/r';
const Arn = 'arn:aws:sqs:us-east-1:000000000000:q';
const KEPT = {
  ...{ ScheduleExpression: 'rate(1 day)', FlexibleTimeWindow: { Mode: 'OFF' }, Target: { Arn, RoleArn } },
};
let isola: TestIsola;
const ask = async (method: string, path: string, body?: string) => {
  const headers = { 'content-type': 'application/json' };
  const answer = await exchange(isola.url, { method, path, headers, ...(body === undefined ? {} : { body }) });
  return { status: answer.status, headers: answer.headers, body: JSON.parse(answer.body.toString() || '{}') };
};
beforeAll(async () => {
  isola = await startTestIsola({ ISOLA_AUTH: 'off' });
  expect((await ask('POST', '/schedules/kept', JSON.stringify(KEPT))).status).toBe(200);
});
afterAll(() => isola.stop());

const { constantFrom, dictionary, double, integer, jsonValue, oneof, string } = fc;
const { operations } = createScheduler({
  buses: () => Promise.reject(new Error('no buses')),
  authorizer: { ready: () => undefined, suits: () => 'fit' },
});
const members = [...new Set(operations.flatMap(({ input }) => Object.keys(input.members)))];
const texts = constantFrom(
  ...[
    '',
    'default',
    'rate(1 day)',
    'at(2030-01-01T00:00:00)',
    'at(',
    'cron(0 0 1 1 ? *)',
    'UTC',
    'Europe/Berlin',
    'X/Y',
  ],
  ...['ENABLED', 'DELETE', 'FLEXIBLE', 'OFF', RoleArn, Arn, `${Arn}.fifo`, '__proto__', '\u0000', 'ü', '9'.repeat(300)],
);
const entry = dictionary(
  constantFrom('Arn', 'RoleArn', 'Input', 'Mode', 'MaximumWindowInMinutes', 'RetryPolicy', 'EventBridgeParameters'),
  oneof(texts, jsonValue(), integer()),
);
const value = oneof({ weight: 3, arbitrary: texts }, entry, integer(), double(), jsonValue());
const whole = dictionary(constantFrom(...members), value, { maxKeys: 4 }).map((input) => ({ ...KEPT, ...input }));
const body = oneof(
  { weight: 6, arbitrary: whole.map((input) => JSON.stringify(input)) },
  dictionary(constantFrom(...members), value).map((input) => JSON.stringify(input)),
  string(),
);
const name = oneof(constantFrom('a', 'b', '%zz', '%00', '__proto__', 'constructor'), string().map(encodeURIComponent));
const query = constantFrom('', '?MaxResults=0', '?MaxResults=x', '?groupName=none', '?NextToken=%00', '?State=X&%=%');

it('answers whatever is asked with an answer or a refusal, and leaves the others alone', async () => {
  await fc.assert(
    fc.asyncProperty(constantFrom(...operations), name, query, body, async ({ method, path }, named, asked, text) => {
      const target = `${path.replace(/:\w+/, named || 'a')}${asked}`;
      const answer = await ask(method, target, method === 'POST' || method === 'PUT' ? text : undefined);
      expect([200, 400, 404, 409], `${method} ${target} ${text}`).toContain(answer.status);
      if (answer.status === 200) return;
      expect(answer.headers['x-amzn-errortype']).toMatch(/^\w+(Exception)$/);
    }),
    { numRuns: RUNS, seed: SEED },
  );
  expect((await ask('GET', '/schedules/kept')).body).toMatchObject(KEPT);
}, 300_000);
