import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLogs } from '../../runtime/gateway/logs-api/logs-service.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { callJson } from '../support/json-client.ts';
import { type AccessKey, readKey } from '../support/query-client.ts';

/** `MALFORMED_SEED=...` draws others. */
const RUNS = Number(process.env.MALFORMED_RUNS ?? 600);
const SEED = Number(process.env.MALFORMED_SEED ?? 1);
const SERVICE = { service: 'logs' };

let isola: TestIsola;
let key: AccessKey;
beforeAll(async () => {
  isola = await startTestIsola();
  key = readKey(isola.running.credentialsFile);
  for (const [operation, input] of [
    ['CreateLogGroup', { logGroupName: 'kept' }],
    ['CreateLogStream', { logGroupName: 'kept', logStreamName: 'kept' }],
    [
      'PutLogEvents',
      { logGroupName: 'kept', logStreamName: 'kept', logEvents: [{ timestamp: Date.now(), message: '{}' }] },
    ],
  ] as const) {
    expect((await callJson(isola.url, key, `Logs_20140328.${operation}`, input, SERVICE)).status).toBe(200);
  }
});
afterAll(() => isola.stop());

const { constantFrom, dictionary, integer, jsonValue, oneof, string } = fc;
const operations = createLogs(() => Promise.reject(new Error('no logs'))).operations;
const members = [...new Set(operations.flatMap(({ input }) => Object.keys(input.members)))];
const texts = constantFrom(
  ...['', 'kept', 'x', '{}', '{ $.a = 1 }', '[a, b=1]', '%a+%', '-"x" ?y', '__proto__', '\u0000', 'ü', '9'.repeat(600)],
  ...[
    'arn:aws:logs:us-east-1:000000000000:log-group:kept',
    `f/${'0'.repeat(56)}/s`,
    `b/${'9'.repeat(56)}/s`,
    'LastEventTime',
  ],
);
const event = dictionary(constantFrom('timestamp', 'message'), oneof(texts, integer(), jsonValue()));
const value = oneof(
  { weight: 4, arbitrary: texts },
  ...[integer(), fc.boolean(), jsonValue(), fc.array(texts, { maxLength: 3 }), fc.array(event, { maxLength: 4 })],
  dictionary(oneof(texts, string({ maxLength: 12 })), oneof(texts, event), { maxKeys: 4 }),
);
const kept = fc.record({ logGroupName: fc.constant('kept'), logStreamName: fc.constant('kept') });
const wild = dictionary(constantFrom(...members), value, { maxKeys: 6 });
const input = oneof(
  wild,
  fc.tuple(kept, wild).map(([own, other]) => ({ ...other, ...own })),
);
const operation = constantFrom(...operations.map(({ name }) => name).filter((name) => !name.startsWith('Delete')));

it('answers whatever is asked with an answer or a refusal of the protocol', async () => {
  await fc.assert(
    fc.asyncProperty(
      operation,
      oneof({ weight: 5, arbitrary: input }, string(), jsonValue().map(String)),
      async (name, body) => {
        const answer = await callJson(isola.url, key, `Logs_20140328.${name}`, body, SERVICE);
        expect([200, 400]).toContain(answer.status);
        if (answer.status === 200) return;
        expect(answer.body).toEqual({
          __type: expect.stringMatching(/^com\.amazon(aws\.logs|\.coral\.service)#\w+Exception$/),
          message: expect.stringMatching(/./),
        });
      },
    ),
    { numRuns: RUNS, seed: SEED },
  );
}, 120_000);
