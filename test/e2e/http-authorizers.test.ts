import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { APIGatewayProxyEventV2Schema } from '@aws-lambda-powertools/parser/schemas';
import {
  type ApiGatewayV2Client,
  CreateApiCommand,
  CreateAuthorizerCommand,
  type CreateAuthorizerCommandInput,
  CreateIntegrationCommand,
  CreateRouteCommand,
  type CreateRouteCommandInput,
  CreateStageCommand,
  ResetAuthorizersCacheCommand,
  UpdateAuthorizerCommand,
} from '@aws-sdk/client-apigatewayv2';
import { UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { SignatureV4 } from '@smithy/signature-v4';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NodeSha256 } from '../../runtime/gateway/auth/node-sha256.ts';
import { answering } from '../support/answering-guest.ts';
import { ACCOUNT, allowApi, createApisClient, toArn, visit } from '../support/apis.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { type AccessKey, query, readKey } from '../support/query-client.ts';
import { guest } from '../support/wat.ts';

let isola: TestIsola;
let client: ApiGatewayV2Client;
let ApiId: string;
let Target: string;
beforeAll(async () => {
  isola = await startTestIsola({ ISOLA_THREADS: '2', ISOLA_PRIVATE_HOSTS: '127.0.0.1' });
  client = createApisClient(isola);
  await isola.create('echo', guest('echo'));
  ApiId = (await client.send(new CreateApiCommand({ Name: 'safe', ProtocolType: 'HTTP' }))).ApiId ?? '';
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ...{ ApiId, IntegrationType: 'AWS_PROXY', IntegrationUri: toArn('echo'), PayloadFormatVersion: '2.0' },
    }),
  );
  Target = `integrations/${IntegrationId}`;
  await client.send(
    new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true, StageVariables: { open: 'sesame' } }),
  );
  await allowApi(isola, 'echo', `${ApiId}/*`);
});
afterAll(async () => {
  client.destroy();
  await isola.stop();
});

const route = (RouteKey: string, settings: Partial<CreateRouteCommandInput>) =>
  client.send(new CreateRouteCommand({ ApiId, RouteKey, Target, ...settings }));
const authorizer = async (Name: string, settings: Omit<CreateAuthorizerCommandInput, 'ApiId' | 'Name'>) =>
  (await client.send(new CreateAuthorizerCommand({ ApiId, Name, ...settings }))).AuthorizerId ?? '';
const with_ = (authorization: string) => ({ headers: { authorization } });

describe('a route with a JWT authorizer', () => {
  let server: Server;
  let issuer: string;
  let sign: (payload: JWTPayload) => Promise<string>;
  beforeAll(async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256', use: 'sig' };
    server = createServer((request, response) => {
      const isConfiguration = request.url === '/pool/.well-known/openid-configuration';
      const body = isConfiguration ? { issuer, jwks_uri: `${issuer}/keys` } : { keys: [jwk] };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/pool`;
    sign = (payload) =>
      new SignJWT({ iss: issuer, aud: 'shop', ...payload })
        .setProtectedHeader({ alg: 'RS256', kid: 'k' })
        .setExpirationTime('5m')
        .sign(privateKey);
    const AuthorizerId = await authorizer('login', {
      ...{ AuthorizerType: 'JWT', IdentitySource: ['$request.header.Authorization'] },
      JwtConfiguration: { Issuer: issuer, Audience: ['shop'] },
    });
    await route('GET /mine', { AuthorizationType: 'JWT', AuthorizerId });
    await route('GET /read', { AuthorizationType: 'JWT', AuthorizerId, AuthorizationScopes: ['read'] });
  });
  afterAll(() => void server.close());

  it('tells the function what a token claims', async () => {
    const answer = await visit(isola, ApiId, '/mine', with_(`Bearer ${await sign({ sub: 'alice' })}`));
    const event = APIGatewayProxyEventV2Schema.parse(answer.body());
    expect(event.requestContext.authorizer?.jwt).toMatchObject({ claims: { sub: 'alice', iss: issuer }, scopes: null });
  });

  it('lets nobody through without a token that holds, nor without a scope', async () => {
    const refused = [await visit(isola, ApiId, '/mine'), await visit(isola, ApiId, '/mine', with_('Bearer x.y.z'))];
    refused.push(await visit(isola, ApiId, '/mine', with_(`Bearer ${await sign({ aud: 'bank' })}`)));
    for (const { status, text, headers } of refused) {
      expect([status, text, headers['www-authenticate']]).toEqual([401, '{"message":"Unauthorized"}', 'Bearer']);
    }
    const unscoped = await visit(isola, ApiId, '/read', with_(`Bearer ${await sign({ scope: 'write' })}`));
    expect([unscoped.status, unscoped.text]).toEqual([403, '{"message":"Forbidden"}']);
    const scoped = await visit(isola, ApiId, '/read', with_(`Bearer ${await sign({ scope: 'write read' })}`));
    expect(scoped.body()).toMatchObject({ requestContext: { authorizer: { jwt: { scopes: ['read'] } } } });
  });

  it('asks no issuer off the public Internet that the operator has not named', async () => {
    const AuthorizerId = await authorizer('inside', {
      ...{ AuthorizerType: 'JWT', IdentitySource: ['$request.querystring.token'] },
      JwtConfiguration: { Issuer: issuer.replace('127.0.0.1', '127.0.0.2'), Audience: ['shop'] },
    });
    await route('GET /inside', { AuthorizationType: 'JWT', AuthorizerId });
    expect((await visit(isola, ApiId, '/inside')).status).toBe(401);
    expect((await visit(isola, ApiId, `/inside?token=${await sign({})}`)).status).toBe(500);
  });
});

describe('a route with a Lambda authorizer', () => {
  const REQUEST = { AuthorizerType: 'REQUEST', AuthorizerPayloadFormatVersion: '2.0' } as const;
  const source = { IdentitySource: ['$request.header.X-Key'] };

  it('asks the function, and tells the other what it said', async () => {
    await isola.create('simple', answering('{"isAuthorized":true,"context":{"who":"alice","n":1}}'));
    const settings = { ...REQUEST, ...source, AuthorizerUri: toArn('simple'), EnableSimpleResponses: true };
    const AuthorizerId = await authorizer('simple', settings);
    await route('GET /simple/{id}', { AuthorizationType: 'CUSTOM', AuthorizerId });
    const key = { headers: { 'x-key': 'k' } };
    // The function's own policy must allow this authorizer.
    expect((await visit(isola, ApiId, '/simple/1', key)).status).toBe(500);
    await allowApi(isola, 'simple', `${ApiId}/authorizers/${AuthorizerId}`);
    const event = APIGatewayProxyEventV2Schema.parse((await visit(isola, ApiId, '/simple/1', key)).body());
    expect(event.requestContext.authorizer).toEqual({ lambda: { who: 'alice', n: 1 } });
    expect((await visit(isola, ApiId, '/simple/1')).status).toBe(401);
  });

  it('refuses when the function says no, fails, or says what it should not', async () => {
    const cases: [string, Uint8Array, number][] = [
      ['no', answering('{"isAuthorized":false}'), 403],
      ['nonsense', answering('{"isAuthorized":"yes"}'), 500],
      ['trapped', guest('trap'), 500],
    ];
    for (const [name, code, status] of cases) {
      await isola.create(name, code);
      const AuthorizerId = await authorizer(name, {
        ...{ ...REQUEST, ...source, AuthorizerUri: toArn(name), EnableSimpleResponses: true },
      });
      await allowApi(isola, name, `${ApiId}/authorizers/*`);
      await route(`GET /${name}`, { AuthorizationType: 'CUSTOM', AuthorizerId });
      expect((await visit(isola, ApiId, `/${name}`, { headers: { 'x-key': 'k' } })).status, name).toBe(status);
    }
  });

  it('decides by the policy that the function answers, for each request anew', async () => {
    const Resource = `arn:aws:execute-api:us-east-1:${ACCOUNT}:${ApiId}/$default/GET/ruled/mine/*`;
    const Statement = [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource }];
    const policyDocument = { Version: '2012-10-17', Statement };
    await isola.create(
      'ruler',
      answering(JSON.stringify({ principalId: 'alice', policyDocument, context: { a: 'b' } })),
    );
    const AuthorizerId = await authorizer('ruler', { ...REQUEST, ...source, AuthorizerUri: toArn('ruler') });
    await allowApi(isola, 'ruler', `${ApiId}/*`);
    await route('GET /ruled/{rest+}', { AuthorizationType: 'CUSTOM', AuthorizerId });
    const key = { headers: { 'x-key': 'k' } };
    expect((await visit(isola, ApiId, '/ruled/mine/1', key)).body()).toMatchObject({
      requestContext: { authorizer: { lambda: { a: 'b' } } },
    });
    expect((await visit(isola, ApiId, '/ruled/yours/1', key)).status).toBe(403);
    // However it is written: what a policy is asked is what routes compare.
    expect((await visit(isola, ApiId, '/ruled/%6dine/1', key)).status).toBe(200);
    expect((await visit(isola, ApiId, '/ruled/mine%2F1', key)).status).toBe(403);
    expect((await visit(isola, ApiId, `/ruled/mine/${'x'.repeat(5_000)}`, key)).status).toBe(403);
  });

  it('asks again when what was said is too old, of another caller, or of an authorizer that has changed', async () => {
    await isola.create('changing', answering('{"isAuthorized":true}'));
    const AuthorizerId = await authorizer('changing', {
      ...{ ...REQUEST, AuthorizerUri: toArn('changing'), EnableSimpleResponses: true },
      ...{
        IdentitySource: [
          '$request.header.X-Key',
          '$stageVariables.open',
          '$context.identity.sourceIp',
          '$context.routeKey',
        ],
        AuthorizerResultTtlInSeconds: 3_600,
      },
    });
    await allowApi(isola, 'changing', `${ApiId}/*`);
    await route('GET /changing', { AuthorizationType: 'CUSTOM', AuthorizerId });
    const ask = async (key: string) => (await visit(isola, ApiId, '/changing', { headers: { 'x-key': key } })).status;
    expect(await ask('alice')).toBe(200);
    await isola.client.send(
      new UpdateFunctionCodeCommand({ FunctionName: 'changing', ZipFile: answering('{"isAuthorized":false}') }),
    );
    const { waitUntilFunctionUpdatedV2 } = await import('@aws-sdk/client-lambda');
    await waitUntilFunctionUpdatedV2({ client: isola.client, maxWaitTime: 30 }, { FunctionName: 'changing' });
    expect([await ask('alice'), await ask('bob')]).toEqual([200, 403]);
    await client.send(new ResetAuthorizersCacheCommand({ ApiId, StageName: '$default' }));
    expect(await ask('alice')).toBe(403);
    await isola.client.send(
      new UpdateFunctionCodeCommand({ FunctionName: 'changing', ZipFile: answering('{"isAuthorized":true}') }),
    );
    await waitUntilFunctionUpdatedV2({ client: isola.client, maxWaitTime: 30 }, { FunctionName: 'changing' });
    expect(await ask('alice')).toBe(403);
    await client.send(new UpdateAuthorizerCommand({ ApiId, AuthorizerId, AuthorizerResultTtlInSeconds: 0 }));
    expect(await ask('alice')).toBe(200);
  });
});

describe('a route with AWS_IAM', () => {
  const ARN = `arn:aws:execute-api:us-east-1:${ACCOUNT}`;
  const signed = async (key: AccessKey, path: string, body = '') => {
    const signer = new SignatureV4({
      service: 'execute-api',
      region: 'us-east-1',
      credentials: key,
      sha256: NodeSha256,
    });
    const host = `${ApiId}.execute-api.us-east-1.localhost:${new URL(isola.url).port}`;
    const request = { method: 'POST', protocol: 'http:', hostname: host, path, headers: { host }, body };
    const { headers } = await signer.sign(request);
    return { method: 'POST', headers, body };
  };

  it('lets through who signs and may', async () => {
    await route('POST /signed/{who}', { AuthorizationType: 'AWS_IAM' });
    const root = readKey(isola.running.credentialsFile);
    const iam = (action: string, form: Record<string, string>) =>
      query(isola.url, root, 'iam', action, { UserName: 'alice', ...form });
    await iam('CreateUser', {});
    const created = await iam('CreateAccessKey', {});
    const alice = {
      accessKeyId: created.text('AccessKeyId') as string,
      secretAccessKey: created.text('SecretAccessKey') as string,
    };
    const Statement = [
      { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: `${ARN}:${ApiId}/*/POST/signed/alice` },
    ];
    await iam('PutUserPolicy', {
      PolicyName: 'p',
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
    });
    const mine = await visit(isola, ApiId, '/signed/alice', await signed(alice, '/signed/alice', 'hello'));
    expect(APIGatewayProxyEventV2Schema.parse(mine.body()).requestContext.authorizer?.iam).toMatchObject({
      ...{ accessKey: alice.accessKeyId, userArn: `arn:aws:iam::${ACCOUNT}:user/alice` },
    });
    const tampered = { ...(await signed(alice, '/signed/alice', 'hello')), body: 'other' };
    const refused = [
      await visit(isola, ApiId, '/signed/bob', await signed(alice, '/signed/bob')),
      await visit(isola, ApiId, '/signed/alice', { method: 'POST' }),
      await visit(isola, ApiId, '/signed/alice', tampered),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect(refused[0]?.text).toBe('{"message":"Forbidden"}');
    expect((await visit(isola, ApiId, '/signed/bob', await signed(root, '/signed/bob'))).status).toBe(200);
  });
});
