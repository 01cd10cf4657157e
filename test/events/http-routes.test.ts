import {
  APIGatewayProxyEventSchema,
  APIGatewayProxyEventV2Schema,
  APIGatewayRequestAuthorizerEventSchema,
  APIGatewayRequestAuthorizerV2Schema,
} from '@aws-lambda-powertools/parser/schemas';
import { describe, expect, it } from 'vitest';
import { toAuthorizerV1Event, toAuthorizerV2Event } from '../../runtime/events/authorizer-event.ts';
import { fromAuthorizerResult } from '../../runtime/events/authorizer-result.ts';
import { toHttpV1Event } from '../../runtime/events/http-v1-event.ts';
import { fromHttpV1Result } from '../../runtime/events/http-v1-result.ts';
import { type HttpRoute, toHttpEvent } from '../../runtime/events/http-v2-event.ts';

const ROUTE: HttpRoute = {
  ...{ accountId: '000000000000', key: 'POST /items/{id}', stage: 'prod' },
  ...{ pathParameters: { id: '7' }, stageVariables: { table: 'items' } },
};
const REQUEST = {
  ...{ method: 'POST', rawPath: '/prod/items/7', rawQuery: 'a=1&a=2&b=', sourceIp: '127.0.0.1', port: 8420 },
  ...{ headers: { host: 'h', 'user-agent': 'curl', 'content-type': 'text/plain', cookie: 'x=1; y=2' } },
  ...({ scheme: 'http', protocol: 'HTTP/1.1', body: Buffer.from('hello') } as const),
};
const CONTEXT = {
  ...{ requestId: 'r', traceId: 'Root=1-0-0', receivedAt: 1_583_817_383_220 },
  domainName: 'shop.execute-api.us-east-1.localhost',
};
const ARN = 'arn:aws:execute-api:us-east-1:000000000000:shop/prod/POST/items/7';

describe('the event of a route', () => {
  it('has in format 2.0 what Powertools reads, with parameters, variables and claims', () => {
    const jwt = { claims: { sub: 'alice' }, scopes: null };
    const event = toHttpEvent(REQUEST, { ...CONTEXT, urlId: 'shop', route: { ...ROUTE, authorizer: { jwt } } });
    expect(APIGatewayProxyEventV2Schema.parse(event)).toMatchObject({
      ...{ routeKey: 'POST /items/{id}', pathParameters: { id: '7' }, stageVariables: { table: 'items' } },
      ...{ cookies: ['x=1', 'y=2'], queryStringParameters: { a: '1,2', b: '' } },
      requestContext: { stage: 'prod', apiId: 'shop', accountId: '000000000000', authorizer: { jwt } },
    });
  });

  it('has in format 1.0 what Powertools reads', () => {
    const event = toHttpV1Event(REQUEST, {
      ...CONTEXT,
      apiId: 'shop',
      route: ROUTE,
      authorizer: { claims: { a: 'b' } },
    });
    expect(APIGatewayProxyEventSchema.parse(event)).toMatchObject({
      ...{ resource: '/items/{id}', path: '/prod/items/7', httpMethod: 'POST', body: 'hello', isBase64Encoded: false },
      ...{ queryStringParameters: { a: '2', b: '' }, multiValueQueryStringParameters: { a: ['1', '2'], b: [''] } },
      ...{ pathParameters: { id: '7' }, stageVariables: { table: 'items' } },
      requestContext: { stage: 'prod', resourcePath: '/items/{id}', requestTime: '10/Mar/2020:05:16:23 +0000' },
    });
    const bare = { ...REQUEST, rawQuery: '', body: new Uint8Array() };
    const route = { accountId: '000000000000', key: '$default', stage: '$default' };
    expect(APIGatewayProxyEventSchema.parse(toHttpV1Event(bare, { ...CONTEXT, apiId: 'shop', route }))).toMatchObject({
      ...{ resource: '$default', body: null, queryStringParameters: null, pathParameters: null, stageVariables: null },
    });
  });
});

describe('the event of a Lambda authorizer', () => {
  const asked = { arn: ARN, identity: ['k', 'v'] };

  it('has in format 2.0 what Powertools reads, and no body', () => {
    const event = toAuthorizerV2Event(toHttpEvent(REQUEST, { ...CONTEXT, urlId: 'shop', route: ROUTE }), asked);
    expect(APIGatewayRequestAuthorizerV2Schema.safeParse(event).error).toBeUndefined();
    expect(event).toMatchObject({ version: '2.0', type: 'REQUEST', routeArn: ARN, identitySource: ['k', 'v'] });
    expect('body' in event || 'isBase64Encoded' in event).toBe(false);
  });

  it('has in format 1.0 what Powertools reads', () => {
    const event = toAuthorizerV1Event(toHttpV1Event(REQUEST, { ...CONTEXT, apiId: 'shop', route: ROUTE }), asked);
    expect(APIGatewayRequestAuthorizerEventSchema.safeParse(event).error).toBeUndefined();
    expect(event).toMatchObject({ type: 'REQUEST', methodArn: ARN, identitySource: 'k,v', authorizationToken: 'k' });
  });

  it('is answered simply, or by a policy, and by nothing else', () => {
    const read = (result: unknown, kind: 'simple' | 'policy') =>
      fromAuthorizerResult(Buffer.from(JSON.stringify(result)), kind);
    const policyDocument = { Version: '2012-10-17', Statement: [] };
    expect(read({ isAuthorized: true, context: { a: 1 } }, 'simple')).toEqual({ says: true, context: { a: 1 } });
    expect(read({ principalId: 'p', policyDocument }, 'policy')).toEqual({
      ...{ principalId: 'p', says: { policy: policyDocument } },
    });
    for (const odd of [null, 7, [], {}, { isAuthorized: 'true' }, { isAuthorized: 1 }]) {
      expect([read(odd, 'simple'), read(odd, 'policy')]).toEqual([undefined, undefined]);
    }
    expect(read({ isAuthorized: true }, 'policy')).toBeUndefined();
    expect(read({ policyDocument }, 'policy')).toBeUndefined();
    expect(read({ isAuthorized: true, context: { a: 'x'.repeat(70_000) } }, 'simple')).toBeUndefined();
    const deep = `{"isAuthorized":true,"context":{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`;
    expect(fromAuthorizerResult(Buffer.from(deep), 'simple')).toBeUndefined();
    expect(fromAuthorizerResult(Buffer.from([0x7b, 0xff]), 'simple')).toBeUndefined();
  });
});

describe('a result of payload format 1.0', () => {
  const read = (result: unknown) => fromHttpV1Result(Buffer.from(JSON.stringify(result)));

  it('has a line for each value of a header', () => {
    expect(
      read({
        statusCode: 200,
        headers: { 'X-A': '1', 'X-B': '2' },
        multiValueHeaders: { 'x-a': ['1', '3'], 'x-c': ['4'] },
      }),
    ).toMatchObject({ status: 200, headers: { 'x-a': ['3', '1'], 'x-b': '2', 'x-c': ['4'] } });
  });

  it.each([
    ...[null, 'text', { a: 1 }, { statusCode: 200, multiValueHeaders: { a: 'b' } }],
    ...[
      { statusCode: 200, multiValueHeaders: { a: ['b\r\nc: d'] } },
      { statusCode: 200, multiValueHeaders: { 'a b': ['c'] } },
    ],
    ...[
      { statusCode: 200, multiValueHeaders: [] },
      { statusCode: 200, multiValueHeaders: { a: [{}] } },
    ],
  ])('is not %j', (result) => {
    expect(read(result)).toHaveProperty('malformed');
  });
});
