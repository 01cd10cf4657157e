import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSqs } from '../../runtime/gateway/sqs-api/sqs-service.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { callJson } from '../support/json-client.ts';
import { type AccessKey, query, readKey } from '../support/query-client.ts';

/** `MALFORMED_SEED=...` draws others. */
const RUNS = Number(process.env.MALFORMED_RUNS ?? 600);
const SEED = Number(process.env.MALFORMED_SEED ?? 1);

let isola: TestIsola;
let key: AccessKey;
beforeAll(async () => {
  isola = await startTestIsola({ ISOLA_SQS_MESSAGES: '200' });
  key = readKey(isola.running.credentialsFile);
  for (const [QueueName, Attributes] of [
    ['kept', {}],
    ['kept.fifo', { FifoQueue: 'true' }],
  ] as const) {
    expect((await callJson(isola.url, key, 'AmazonSQS.CreateQueue', { QueueName, Attributes })).status).toBe(200);
  }
});
afterAll(() => isola.stop());

const { constantFrom, dictionary, integer, jsonValue, oneof, string } = fc;
const operations = createSqs(() => Promise.reject(new Error('no queues'))).operations;
const members = [...new Set(operations.flatMap(({ input }) => Object.keys(input.members)))];
const texts = constantFrom(
  '',
  'kept',
  'kept.fifo',
  '/000000000000/kept',
  'x',
  '{}',
  'All',
  '__proto__',
  '\u0000',
  'ü',
  '9'.repeat(30),
);
const entry = dictionary(
  constantFrom('Id', 'MessageBody', 'ReceiptHandle', 'MessageAttributes', 'DelaySeconds'),
  oneof(texts, jsonValue()),
);
const value = oneof(
  { weight: 4, arbitrary: texts },
  ...[integer(), jsonValue(), fc.array(texts, { maxLength: 3 }), fc.array(entry, { maxLength: 12 })],
  dictionary(oneof(texts, string({ maxLength: 12 })), oneof(texts, entry), { maxKeys: 4 }),
);
/** Nobody waits here: what does is answered a while later. */
const input = dictionary(constantFrom(...members.filter((name) => name !== 'WaitTimeSeconds')), value, { maxKeys: 6 });
const operation = constantFrom(...operations.map(({ name }) => name).filter((name) => name !== 'DeleteQueue'));

it('answers whatever is asked in JSON with an answer or a refusal of the protocol', async () => {
  await fc.assert(
    fc.asyncProperty(
      operation,
      oneof({ weight: 5, arbitrary: input }, string(), jsonValue().map(String)),
      async (name, body) => {
        const answer = await callJson(isola.url, key, `AmazonSQS.${name}`, body);
        expect([200, 400, 403, 404]).toContain(answer.status);
        if (answer.status === 200) return;
        expect(answer.body).toEqual({
          __type: expect.stringMatching(/^com\.amazon(aws\.sqs|\.coral\.service)#\w+$/),
          message: expect.stringMatching(/./),
        });
        expect(answer.headers['x-amzn-query-error']).toMatch(/^[\w.]+;Sender$/);
      },
    ),
    { numRuns: RUNS, seed: SEED },
  );
}, 120_000);

const parameter = fc
  .tuple(
    constantFrom(
      ...members,
      ...[
        'Attribute.1.Name',
        'Attribute.1.Value',
        'AttributeName.1',
        'Tag.1.Key',
        'Tag.1.Value',
        'MessageAttribute.1.Name',
      ],
      ...[
        'MessageAttribute.1.Value.DataType',
        'MessageAttribute.1.Value.BinaryValue',
        'SendMessageBatchRequestEntry.1.Id',
      ],
      ...['SendMessageBatchRequestEntry.1.MessageBody', 'DeleteMessageBatchRequestEntry.1', '.', 'a.b.c.d.e.f.g.h.i.j'],
    ),
    oneof(texts, string({ maxLength: 20 })),
  )
  .filter(([name]) => name !== 'WaitTimeSeconds');

it('answers whatever is asked in a form with XML', async () => {
  await fc.assert(
    fc.asyncProperty(
      operation,
      fc.array(parameter, { maxLength: 8 }),
      constantFrom('/', '/000000000000/kept'),
      async (name, form, path) => {
        const answer = await query(isola.url, key, 'sqs', name, Object.fromEntries(form), { path });
        expect([200, 400, 403, 404]).toContain(answer.status);
        if (answer.status === 200) expect(answer.xml).toMatch(new RegExp(`^<${name}Response xmlns=`));
        else
          expect(answer.xml).toMatch(
            /<Error><Type>Sender<\/Type><Code>[\w.]+<\/Code><Message>[^<]+<\/Message><\/Error>/,
          );
      },
    ),
    { numRuns: RUNS, seed: SEED },
  );
}, 120_000);
