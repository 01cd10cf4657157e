import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEvents } from '../../runtime/gateway/events-api/events-service.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { callJson, type JsonAnswer } from '../support/json-client.ts';
import { type AccessKey, readKey } from '../support/query-client.ts';

/** `MALFORMED_SEED=...` draws others. */
const RUNS = Number(process.env.MALFORMED_RUNS ?? 1_500);
const SEED = Number(process.env.MALFORMED_SEED ?? 1);

let isola: TestIsola;
let key: AccessKey;
const kept = { Name: 'kept', EventPattern: '{"source":["kept"]}' };
const target = { Id: '1', Arn: 'arn:aws:sqs:us-east-1:000000000000:q' };
const call = (operation: string, body: Readonly<Record<string, unknown>> | string): Promise<JsonAnswer> =>
  callJson(isola.url, key, `AWSEvents.${operation}`, body, { service: 'events' });
beforeAll(async () => {
  isola = await startTestIsola();
  key = readKey(isola.running.credentialsFile);
  expect((await call('PutRule', kept)).status).toBe(200);
  expect((await call('PutTargets', { Rule: 'kept', Targets: [target] })).status).toBe(200);
});
afterAll(() => isola.stop());

const { constantFrom, dictionary, integer, jsonValue, oneof, string } = fc;
const operations = createEvents(() => Promise.reject(new Error('no buses'))).operations;
const members = [...new Set(operations.flatMap(({ input }) => Object.keys(input.members)))];
const names = constantFrom('other', 'default', 'x/y', '', '__proto__', 'constructor', '\u0000', 'ü', '9'.repeat(99));
const texts = oneof(
  names,
  constantFrom(
    'rate(1 minute)',
    'cron(* * * * ? *)',
    'rate(',
    '{}',
    '{"a":[1]}',
    '{"$or":[]}',
    '[',
    'null',
    '$.a',
    '$[',
  ),
  constantFrom('ENABLED', 'arn:aws:events:us-east-1:000000000000:rule/kept', 'arn:aws:events:us-east-1:000000000000:'),
  constantFrom('arn:aws:events:us-east-1:000000000000:event-bus/default', 'arn:::::', 'aws.x', 'events:PutEvents', '*'),
);
const parts = [
  'Id',
  'Arn',
  'Input',
  'InputPath',
  'InputTransformer',
  'SqsParameters',
  'DeadLetterConfig',
  'RetryPolicy',
];
const entry = dictionary(
  constantFrom(...parts, 'Key', 'Value', 'Source', 'Detail', 'DetailType', 'Time', 'Resources', 'EventBusName', 'Type'),
  oneof(texts, jsonValue(), dictionary(constantFrom('Arn', 'InputTemplate', 'MessageGroupId'), texts)),
);
const value = oneof(
  { weight: 4, arbitrary: texts },
  ...[integer(), jsonValue(), fc.array(texts, { maxLength: 3 }), fc.array(entry, { maxLength: 12 }), entry],
);
const input = dictionary(constantFrom(...members), value, { maxKeys: 6 });

it('answers whatever is asked with an answer or a refusal, and leaves the others alone', async () => {
  await fc.assert(
    fc.asyncProperty(
      constantFrom(...operations.map(({ name }) => name)),
      oneof({ weight: 6, arbitrary: input }, string(), fc.json()),
      async (name, body) => {
        const answer = await call(name, body);
        expect([200, 400]).toContain(answer.status);
        expect(answer.headers['content-type']).toBe('application/x-amz-json-1.1');
        if (answer.status === 200) return;
        expect(answer.body).toEqual({
          __type: expect.stringMatching(/^com\.amazon(aws\.events|\.coral\.service)#\w+$/),
          message: expect.stringMatching(/./),
        });
      },
    ),
    { numRuns: RUNS, seed: SEED },
  );
  expect((await call('DescribeRule', { Name: 'kept' })).body).toMatchObject(kept);
  expect((await call('ListTargetsByRule', { Rule: 'kept' })).body).toEqual({
    Targets: [target],
  });
}, 300_000);

it('takes no pattern that it cannot read again, and no schedule', async () => {
  const { body } = await call('ListRules', {});
  for (const { Name } of body.Rules as readonly { readonly Name: string }[]) {
    expect((await call('DescribeRule', { Name })).status).toBe(200);
  }
  const entries = [{ Source: 'kept', DetailType: 't', Detail: '{}' }];
  expect((await call('PutEvents', { Entries: entries })).body).toMatchObject({
    FailedEntryCount: 0,
  });
});
