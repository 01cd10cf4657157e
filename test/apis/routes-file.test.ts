import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRoutesFile } from '../../runtime/apis/routes-file.ts';

const HOME = { region: 'us-east-1', accountId: '000000000000', now: 1 };
const parse = (file: unknown) => parseRoutesFile(typeof file === 'string' ? file : JSON.stringify(file), HOME);
const shop = (api: unknown) => ({ apis: { shop: api } });

describe('a file of routes', () => {
  it('of the README is one', () => {
    const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
    const [, json = ''] = /### HTTP APIs from a file[\s\S]*?```json\n([\s\S]*?)```/.exec(readme) ?? [];
    const [api] = parse(json);
    expect(api).toMatchObject({
      ...{ apiId: 'shop', isFixed: true, corsConfiguration: { allowMethods: ['GET', 'POST'] } },
      authorizers: {
        login: { authorizerType: 'JWT', issuer: 'https://login.example', audience: ['shop'] },
        gate: { authorizerType: 'REQUEST', authorizerResultTtlInSeconds: 60, enableSimpleResponses: true },
      },
      routes: {
        r0: { routeKey: 'GET /items/{id}', authorizationType: 'NONE' },
        r1: { authorizationType: 'JWT', authorizerId: 'login', authorizationScopes: ['write'] },
        r2: { authorizationType: 'CUSTOM', authorizerId: 'gate' },
        r3: { routeKey: '$default', authorizationType: 'AWS_IAM' },
      },
      integrations: {
        r1: { integrationUri: 'arn:aws:lambda:us-east-1:000000000000:function:items:live', timeoutInMillis: 30_000 },
        r2: { payloadFormatVersion: '1.0', timeoutInMillis: 5_000 },
      },
      stages: {
        $default: {
          ...{
            autoDeploy: true,
            stageVariables: { table: 'items' },
            defaultRouteSettings: { throttlingRateLimit: 100 },
          },
          routeSettings: { 'POST /items': { throttlingRateLimit: 5, throttlingBurstLimit: 10 } },
        },
      },
    });
  });

  it('has a stage even if it names none', () => {
    expect(Object.keys(parse(shop({ routes: { $default: 'f' } }))[0]?.stages ?? {})).toEqual(['$default']);
  });

  it.each<[unknown, string]>([
    ['{', 'it is not JSON'],
    [[], 'the file: it must be an object'],
    [{}, 'the file: it needs "apis"'],
    [{ apis: {}, more: 1 }, 'the file: "more" is none of its members'],
    [{ apis: { 'Sh op': { routes: {} } } }, 'the file.apis.Sh op: an API is named by'],
    [shop({}), 'the file.apis.shop: it needs "routes"'],
    [shop({ routes: { 'GET x': 'f' } }), 'the file.apis.shop.routes.GET x: The provided route key'],
    [shop({ routes: { 'GET /x': 7 } }), 'the file.apis.shop.routes.GET /x: it must be an object'],
    [shop({ routes: { 'GET /x': 'a b' } }), 'routes.GET /x: Invalid integrationUri'],
    [
      shop({ routes: { 'GET /{x}': 'f', 'GET /{y}': 'f' } }),
      'routes.GET /{y}: another route matches the same requests',
    ],
    [shop({ routes: { 'GET /x': { function: 'f', authorizer: 'a' } } }), 'routes.GET /x: there is no authorizer a'],
    [shop({ routes: { 'GET /x': { function: 'f', scopes: ['a'] } } }), 'routes.GET /x: authorizationScopes'],
    [shop({ routes: { 'GET /x': { function: 'f', timeoutMs: 40_000 } } }), 'routes.GET /x: Invalid timeoutInMillis'],
    [shop({ routes: { 'GET /x': { function: 'f', throttle: { rate: '5' } } } }), 'throttle.rate: it must be a number'],
    [
      shop({ routes: { 'GET /x': { function: 'f', throttle: { rate: -5 } } } }),
      'stages.$default: Invalid throttlingRate',
    ],
    [shop({ routes: {}, stages: { 'a b': {} } }), 'stages.a b: it is no name of a stage'],
    [shop({ routes: {}, stages: { a: { variables: { x: 1 } } } }), 'stages.a.variables.x: it must be a text'],
    [shop({ routes: {}, cors: { allowOrigins: 'x' } }), 'cors.allowOrigins: it must be a list of texts'],
    [shop({ routes: {}, authorizers: { a: { issuer: 'x', audience: ['y'] } } }), 'authorizers.a: Invalid issuer'],
    [
      shop({ routes: {}, authorizers: { a: { function: 'f', ttlSeconds: 9_999 } } }),
      'authorizers.a: Invalid authorizerResult',
    ],
  ])('is not %j', (file, why) => {
    expect(() => parse(file)).toThrow(why);
  });
});
