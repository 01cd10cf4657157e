import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApiGateway } from '../../runtime/gateway/apigateway-api/apigateway-service.ts';
import { allowApi, createApisClient, createQuickApi, toArn, visit } from '../support/apis.ts';
import { exchange } from '../support/exchange.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';

/** `MALFORMED_SEED=...` draws others. */
const RUNS = Number(process.env.MALFORMED_RUNS ?? 1_500);
const SEED = Number(process.env.MALFORMED_SEED ?? 1);

let isola: TestIsola;
let kept: string;
let prey: string;
beforeAll(async () => {
  isola = await startTestIsola({ ISOLA_AUTH: 'off', ISOLA_THREADS: '2' });
  await isola.create('echo', guest('echo'));
  const client = createApisClient(isola);
  kept = await createQuickApi(isola, client, 'echo');
  prey = await createQuickApi(isola, client, 'echo');
  await allowApi(isola, 'echo', '*');
  client.destroy();
});
afterAll(() => isola.stop());

const { constantFrom, dictionary, double, integer, jsonValue, oneof, string } = fc;
const operations = createApiGateway({ apis: () => Promise.reject(new Error('no APIs')), port: 1 }).operations;
const members = [...new Set(operations.flatMap(({ input }) => Object.keys(input.members)))];
const texts = constantFrom(
  ...['', '$default', 'GET /a', 'ANY /{x}', 'GET /{x+}', 'HTTP', 'AWS_PROXY', 'JWT', 'REQUEST', 'CUSTOM', '1.0', '2.0'],
  ...['__proto__', 'constructor', '\u0000', 'ü', 'x'.repeat(2_000), '%', '%zz', '../..', 'a b', 'https://x.test/'],
  ...[
    toArn('echo'),
    'integrations/x',
    '$request.header.A',
    '$context.a.b',
    'INTERNET',
    'arn:aws:iam::000000000000:role/r',
  ],
);
const value = oneof(
  { weight: 5, arbitrary: texts },
  ...[integer(), double(), jsonValue(), fc.boolean(), fc.array(texts, { maxLength: 4 })],
  dictionary(oneof(texts, constantFrom(...members)), oneof(texts, jsonValue()), { maxKeys: 4 }),
);
const input = dictionary(constantFrom(...members), value, { maxKeys: 8 });
const body = oneof(
  { weight: 6, arbitrary: input.map((each) => JSON.stringify(each)) },
  string(),
  jsonValue().map(String),
);
const segment = oneof(
  { weight: 5, arbitrary: constantFrom('%24default', 'GET%20%2Fa', 'r', '__proto__', 'constructor') },
  string().map(encodeURIComponent),
  constantFrom('%', '%zz', '%00', '..'),
);
const query = constantFrom('', '?maxResults=0', '?maxResults=1&nextToken=x', '?tagKeys=a&tagKeys=b', '?apiId=x&%=%');

it('answers whatever is asked with an answer or a refusal, and half of nothing is stored', async () => {
  await fc.assert(
    fc.asyncProperty(
      constantFrom(...operations.filter(({ name }) => name !== 'DeleteApi')),
      fc.array(segment, { minLength: 4, maxLength: 4 }),
      body,
      query,
      async (operation, segments, text, rest) => {
        let at = 0;
        const path = operation.path.replace(/:\w+/g, (name) => (name === ':apiId' ? prey : (segments[at++] as string)));
        const {
          status,
          headers,
          body: answer,
        } = await exchange(isola.url, {
          ...{ method: operation.method, path: `${path}${rest}`, headers: { 'content-type': 'application/json' } },
          ...(operation.method === 'GET' ? {} : { body: text }),
        });
        const shown = `${operation.name} ${path}${rest} ${text}: ${status} ${Buffer.from(answer)}`;
        expect([200, 201, 204, 400, 404, 409, 429], shown).toContain(status);
        if (status >= 400) {
          expect(headers['x-amzn-errortype'], shown).toMatch(/^[A-Z]\w+Exception$/);
          expect(JSON.parse(Buffer.from(answer).toString())).toHaveProperty('message');
        }
      },
    ),
    { numRuns: RUNS, seed: SEED },
  );
  expect((await visit(isola, kept, '/still')).body()).toMatchObject({ rawPath: '/still' });
}, 120_000);

it('answers whatever comes to an API, with whatever path', async () => {
  const method = constantFrom('GET', 'POST', 'OPTIONS', 'HEAD', 'PATCH', 'DELETE', 'PROPFIND');
  const part = oneof(segment, constantFrom('a', '$default', '{x}', '*', '&', ''));
  const path = fc.array(part, { maxLength: 6 }).map((parts) => `/${parts.join('/')}`);
  const headers = dictionary(
    constantFrom(
      'authorization',
      'cookie',
      'origin',
      'content-type',
      'access-control-request-method',
      'x-amzn-trace-id',
    ),
    constantFrom('x', 'Bearer x.y.z', 'AWS4-HMAC-SHA256 Credential=/s3/aws4_request, x', '*', 'ü', ';;;=', 'null'),
  );
  await fc.assert(
    fc.asyncProperty(method, path, query, headers, async (verb, where, rest, lines) => {
      const { status, text } = await visit(isola, kept, `${where}${rest}`, { method: verb, headers: lines });
      expect([200, 404], `${verb} ${where}${rest} ${text}`).toContain(status);
    }),
    { numRuns: RUNS / 5, seed: SEED },
  );
}, 120_000);
