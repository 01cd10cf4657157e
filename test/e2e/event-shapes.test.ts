import { LambdaFunctionUrlSchema } from '@aws-lambda-powertools/parser/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';

describe('what functions are given, read by the schemas of AWS Lambda Powertools', () => {
  let isola: TestIsola;
  beforeAll(async () => {
    isola = await startTestIsola({ ISOLA_THREADS: '2' });
  });
  afterAll(() => isola.stop());

  it('is an event of a function URL', async () => {
    await isola.create('page', guest('echo'));
    await isola.openUrl('page');
    const target = `${isola.url}/url/page/a%2Fb?x=1&x=2&y=`;
    const headers = { cookie: 'a=1; b=2', 'content-type': 'application/json' };
    const asked = await fetch(target, { method: 'POST', headers, body: '{"a":1}' });
    const event = LambdaFunctionUrlSchema.parse(await asked.json());
    expect(event).toMatchObject({
      ...{ rawPath: '/a%2Fb', queryStringParameters: { x: '1,2', y: '' }, cookies: ['a=1', 'b=2'] },
      ...{ body: '{"a":1}', isBase64Encoded: false, requestContext: { http: { method: 'POST' } } },
    });
    expect(
      LambdaFunctionUrlSchema.safeParse(await (await fetch(`${isola.url}/url/page/`)).json()).error,
    ).toBeUndefined();
  });
});
