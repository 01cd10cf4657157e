import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSns } from '../../runtime/gateway/sns-api/sns-service.ts';
import { exchange } from '../support/exchange.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { type AccessKey, query, readKey } from '../support/query-client.ts';

/** `MALFORMED_SEED=...` draws others. */
const RUNS = Number(process.env.MALFORMED_RUNS ?? 900);
const SEED = Number(process.env.MALFORMED_SEED ?? 1);
const KEPT = 'arn:aws:sns:us-east-1:000000000000:kept';

let isola: TestIsola;
let key: AccessKey;
beforeAll(async () => {
  isola = await startTestIsola();
  key = readKey(isola.running.credentialsFile);
  for (const form of [{ Name: 'kept' }, { Name: 'kept.fifo', ...entries('Attributes', { FifoTopic: 'true' }) }]) {
    expect((await query(isola.url, key, 'sns', 'CreateTopic', form)).status).toBe(200);
  }
});
afterAll(() => isola.stop());

function entries(name: string, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value], at) => [
      [`${name}.entry.${at + 1}.key`, key],
      [`${name}.entry.${at + 1}.value`, value],
    ]),
  );
}

const { constantFrom, oneof, string } = fc;
const operations = createSns(() => Promise.reject(new Error('no topics'))).operations;
const members = [...new Set(operations.flatMap(({ input }) => Object.keys(input.members)))];
const value = oneof(
  constantFrom(
    ...['', 'kept', KEPT, `${KEPT}.fifo`, `${KEPT}:${'0'.repeat(36)}`, 'arn:aws:sns:us-east-1:999999999999:kept'],
    ...['{}', '[]', '{"a":["b"]}', '{"$or":[{"a":[1]},{"b":[{"exists":false}]}]}', 'true', 'sqs', 'http', 'lambda'],
    ...['http://127.0.0.1:1/', 'arn:aws:sqs:us-east-1:000000000000:q', '__proto__', '\u0000', 'ü', '9'.repeat(30)],
    ...['String', 'Number', 'String.Array', 'Binary', 'FilterPolicy', 'RedrivePolicy', 'Policy', 'DeliveryPolicy'],
    ...['FilterPolicyScope', 'MessageBody', 'json', '{"default":"x"}', 'x'.repeat(300), '['.repeat(5_000)],
    `{"a":${'{"a":'.repeat(2_000)}["b"]${'}'.repeat(2_001)}`,
  ),
  string({ maxLength: 20 }),
);
const parameter = fc.tuple(
  constantFrom(
    ...members,
    ...['Attributes.entry.1.key', 'Attributes.entry.1.value', 'Tags.member.1.Key', 'Tags.member.1.Value'],
    ...['TagKeys.member.1', 'AWSAccountId.member.1', 'ActionName.member.1', 'MessageAttributes.entry.1.Name'],
    ...['MessageAttributes.entry.1.Value.DataType', 'MessageAttributes.entry.1.Value.StringValue'],
    ...['MessageAttributes.entry.1.Value.BinaryValue', 'PublishBatchRequestEntries.member.1.Id'],
    ...['PublishBatchRequestEntries.member.1.Message', 'PublishBatchRequestEntries.member.1.MessageGroupId'],
    ...['.', 'a.b.c.d.e.f.g.h.i.j', 'Attributes', 'Attributes.entry'],
  ),
  value,
);
const operation = constantFrom(...operations.map(({ name }) => name).filter((name) => name !== 'DeleteTopic'));
/** Many a request is about a topic that there is, to come further. */
const named = oneof(constantFrom({}), constantFrom({ TopicArn: KEPT }, { TopicArn: `${KEPT}.fifo`, Message: 'x' }));
const form = fc
  .tuple(named, fc.array(parameter, { maxLength: 8 }))
  .map(([names, parameters]) => ({ ...Object.fromEntries(parameters), ...names }));
/** A link is a line of a head, which has its own bounds. */
const shortForm = form.filter((parameters) => Object.values<string>(parameters).every(({ length }) => length <= 300));
const ERROR = /<Error><Type>Sender<\/Type><Code>[\w.]+<\/Code><Message>[^<]+<\/Message><\/Error>/;

it('answers whatever is asked of topics with XML, and never fails', async () => {
  await fc.assert(
    fc.asyncProperty(operation, form, async (name, parameters) => {
      const answer = await query(isola.url, key, 'sns', name, parameters);
      expect([200, 400, 403, 404]).toContain(answer.status);
      if (answer.status === 200) expect(answer.xml).toMatch(new RegExp(`^<${name}Response xmlns=`));
      else expect(answer.xml).toMatch(ERROR);
    }),
    { numRuns: RUNS, seed: SEED },
  );
}, 120_000);

it('answers whatever link is followed', async () => {
  await fc.assert(
    fc.asyncProperty(
      constantFrom('ConfirmSubscription', 'Unsubscribe', 'Publish'),
      shortForm,
      async (name, parameters) => {
        const path = `/?${new URLSearchParams({ ...parameters, Action: name })}`;
        const answer = await exchange(isola.url, { method: 'GET', path, headers: { host: new URL(isola.url).host } });
        expect([200, 400, 403, 404]).toContain(answer.status);
        if (answer.status !== 200) expect(answer.body.toString()).toMatch(ERROR);
      },
    ),
    { numRuns: RUNS, seed: SEED },
  );
}, 120_000);
