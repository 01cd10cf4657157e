import { APIGatewayProxyEventV2Schema } from '@aws-lambda-powertools/parser/schemas';
import {
  type ApiGatewayV2Client,
  CreateApiCommand,
  CreateDeploymentCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
  DeleteRouteCommand,
  UpdateApiCommand,
  UpdateIntegrationCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answering } from '../support/answering-guest.ts';
import { allowApi, createApisClient, createQuickApi, toArn, visit } from '../support/apis.ts';
import { exchange } from '../support/exchange.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { query, readKey } from '../support/query-client.ts';
import { guest } from '../support/wat.ts';

let isola: TestIsola;
let client: ApiGatewayV2Client;
let quick: string;
beforeAll(async () => {
  isola = await startTestIsola({ ISOLA_THREADS: '2' });
  client = createApisClient(isola);
  await isola.create('echo', guest('echo'));
  quick = await createQuickApi(isola, client, 'echo');
});
afterAll(async () => {
  client.destroy();
  await isola.stop();
});

/** An API with a stage that deploys by itself, and the target of routes to a function. */
async function createApi(name: string, PayloadFormatVersion = '2.0'): Promise<{ ApiId: string; Target: string }> {
  const { ApiId = '' } = await client.send(new CreateApiCommand({ Name: name, ProtocolType: 'HTTP' }));
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ...{ ApiId, IntegrationType: 'AWS_PROXY', IntegrationUri: toArn(name), PayloadFormatVersion },
    }),
  );
  await client.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));
  return { ApiId, Target: `integrations/${IntegrationId}` };
}

describe('a request to an API', () => {
  it('becomes an event of payload format 2.0, which Powertools reads', async () => {
    const answer = await visit(isola, quick, '/a/b%20c?x=1&x=2', {
      ...{ method: 'POST', body: '{"a":1}' },
      headers: { 'content-type': 'application/json', cookie: 'a=1; b=2' },
    });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json']);
    expect(answer.headers['apigw-requestid']).toBeDefined();
    const event = APIGatewayProxyEventV2Schema.parse(answer.body());
    expect(event).toMatchObject({
      ...{ version: '2.0', routeKey: '$default', rawPath: '/a/b%20c', rawQueryString: 'x=1&x=2' },
      ...{ queryStringParameters: { x: '1,2' }, cookies: ['a=1', 'b=2'], body: '{"a":1}', isBase64Encoded: false },
      requestContext: {
        ...{ accountId: '000000000000', apiId: quick, stage: '$default', routeKey: '$default' },
        ...{ domainName: `${quick}.execute-api.us-east-1.localhost`, domainPrefix: quick },
        http: { method: 'POST', path: '/a/b%20c', protocol: 'HTTP/1.1' },
      },
    });
  });

  it('is the same by path', async () => {
    const { status, body } = await exchange(isola.url, { method: 'GET', path: `/api/${quick}/a?b=c`, headers: {} });
    expect(status).toBe(200);
    expect(JSON.parse(Buffer.from(body).toString())).toMatchObject({
      rawPath: '/a',
      queryStringParameters: { b: 'c' },
    });
  });

  it('is not found where there is no API, none in this region, no route, or none any more', async () => {
    const { ApiId, Target } = await createApi('echo');
    await allowApi(isola, 'echo', `${ApiId}/*`);
    const { RouteId } = await client.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /here/{id}', Target }));
    expect((await visit(isola, ApiId, '/here/1')).body()).toMatchObject({
      ...{ routeKey: 'GET /here/{id}', pathParameters: { id: '1' } },
    });
    const other = { headers: { host: `${ApiId}.execute-api.eu-west-1.localhost` } };
    const missed = [
      await visit(isola, 'nobody', '/'),
      await visit(isola, ApiId, '/here/1', other),
      await visit(isola, ApiId, '/there'),
      await visit(isola, ApiId, '/here/1', { method: 'POST' }),
    ];
    await client.send(new DeleteRouteCommand({ ApiId, RouteId }));
    missed.push(await visit(isola, ApiId, '/here/1'));
    for (const { status, text } of missed) expect([status, text]).toEqual([404, '{"message":"Not Found"}']);
  });

  it('has the variables of its stage, whose name stands before the path', async () => {
    const { ApiId, Target } = await createApi('echo');
    await allowApi(isola, 'echo', `${ApiId}/beta/GET/x`);
    await client.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /x', Target }));
    await client.send(
      new CreateStageCommand({ ApiId, StageName: 'beta', AutoDeploy: true, StageVariables: { table: 'b' } }),
    );
    const event = (await visit(isola, ApiId, '/beta/x')).body();
    expect(APIGatewayProxyEventV2Schema.parse(event)).toMatchObject({
      ...{ rawPath: '/beta/x', stageVariables: { table: 'b' }, requestContext: { stage: 'beta' } },
    });
    expect((await visit(isola, ApiId, '/beta')).status).toBe(404);
    // The function's policy names the stage beta alone.
    expect((await visit(isola, ApiId, '/x')).status).toBe(500);
  });

  it('is led by a variable of the stage to a function', async () => {
    await isola.create('blue', answering('"blue"'));
    const { ApiId = '' } = await client.send(
      new CreateApiCommand({
        ...{ Name: 'v', ProtocolType: 'HTTP', Target: toArn('$' + '{stageVariables.fn}'), RouteKey: 'GET /' },
      }),
    );
    await allowApi(isola, 'blue', `${ApiId}/*`);
    expect((await visit(isola, ApiId, '/')).status).toBe(500);
    await client.send(new UpdateStageCommand({ ApiId, StageName: '$default', StageVariables: { fn: 'blue' } }));
    expect((await visit(isola, ApiId, '/')).text).toBe('blue');
  });

  it('is served by what was deployed, where a stage does not deploy by itself', async () => {
    const { ApiId, Target } = await createApi('echo');
    await allowApi(isola, 'echo', `${ApiId}/*`);
    const { RouteId } = await client.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /old', Target }));
    await client.send(new CreateStageCommand({ ApiId, StageName: 'prod' }));
    expect((await visit(isola, ApiId, '/prod/old')).status).toBe(404);
    await client.send(new CreateDeploymentCommand({ ApiId, StageName: 'prod' }));
    await client.send(new DeleteRouteCommand({ ApiId, RouteId }));
    await client.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /new', Target }));
    expect((await visit(isola, ApiId, '/prod/old')).status).toBe(200);
    expect((await visit(isola, ApiId, '/prod/new')).status).toBe(404);
    await client.send(new CreateDeploymentCommand({ ApiId, StageName: 'prod' }));
    expect((await visit(isola, ApiId, '/prod/new')).status).toBe(200);
  });
});

describe('a function behind a route', () => {
  it('is invoked only when its policy allows API Gateway this route', async () => {
    await isola.create('guarded', answering('"in"'));
    const { ApiId = '' } = await client.send(
      new CreateApiCommand({ Name: 'g', ProtocolType: 'HTTP', Target: toArn('guarded') }),
    );
    const refused = await visit(isola, ApiId, '/');
    expect([refused.status, refused.text]).toEqual([500, '{"message":"Internal Server Error"}']);
    await allowApi(isola, 'guarded', 'another/*');
    expect((await visit(isola, ApiId, '/')).status).toBe(500);
    await allowApi(isola, 'guarded', `${ApiId}/*/$default`);
    expect((await visit(isola, ApiId, '/')).text).toBe('in');
    const { Policy = '' } = await isola.client.send(
      new (await import('@aws-sdk/client-lambda')).GetPolicyCommand({ FunctionName: 'guarded' }),
    );
    for (const { Sid } of JSON.parse(Policy).Statement) {
      await isola.client.send(new RemovePermissionCommand({ FunctionName: 'guarded', StatementId: Sid }));
    }
    expect((await visit(isola, ApiId, '/')).status).toBe(500);
  });

  it('is invoked by the role of the integration, where it has one, if that allows it', async () => {
    await isola.create('handed', answering('"in"'));
    const RoleName = 'gatekeeper';
    const CredentialsArn = `arn:aws:iam::000000000000:role/${RoleName}`;
    const quick = { Name: 'r', ProtocolType: 'HTTP', Target: toArn('handed'), CredentialsArn } as const;
    const { ApiId = '' } = await client.send(new CreateApiCommand(quick));
    expect((await visit(isola, ApiId, '/')).status).toBe(500);
    const root = readKey(isola.running.credentialsFile);
    const trust = { Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const allow = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: toArn('handed') };
    const policy = (Statement: unknown) => JSON.stringify({ Version: '2012-10-17', Statement });
    const iam = (action: string, form: Record<string, string>) =>
      query(isola.url, root, 'iam', action, { RoleName, ...form });
    await iam('CreateRole', { AssumeRolePolicyDocument: policy(trust) });
    expect((await visit(isola, ApiId, '/')).status).toBe(500);
    await iam('PutRolePolicy', { PolicyName: 'p', PolicyDocument: policy(allow) });
    expect((await visit(isola, ApiId, '/')).text).toBe('in');
  });

  it('that fails is a 500, one that answers too late a 503', async () => {
    await isola.create('trap', guest('trap'));
    await isola.create('spin', guest('spin'), { Timeout: 5 });
    await isola.create('broken', answering('{"statusCode":"x"}'));
    const trap = await createQuickApi(isola, client, 'trap');
    const broken = await createQuickApi(isola, client, 'broken');
    const { ApiId, Target } = await createApi('spin');
    await allowApi(isola, 'spin', `${ApiId}/*`);
    await client.send(new CreateRouteCommand({ ApiId, RouteKey: 'ANY /', Target }));
    const IntegrationId = Target.slice('integrations/'.length);
    await client.send(new UpdateIntegrationCommand({ ApiId, IntegrationId, TimeoutInMillis: 200 }));
    const [failed, malformed, late] = [
      ...[await visit(isola, trap, '/'), await visit(isola, broken, '/'), await visit(isola, ApiId, '/')],
    ];
    expect([failed?.status, malformed?.status, late?.status]).toEqual([500, 500, 503]);
    expect([failed?.text, late?.text]).toEqual([
      '{"message":"Internal Server Error"}',
      '{"message":"Service Unavailable"}',
    ]);
  });

  it('of payload format 1.0 answers with lists of headers, and nothing is inferred', async () => {
    await isola.create('old', guest('echo'));
    await isola.create('lists', answering('{"statusCode":201,"multiValueHeaders":{"X-A":["1","2"]},"body":"made"}'));
    const { ApiId, Target } = await createApi('lists', '1.0');
    await allowApi(isola, 'lists', `${ApiId}/*`);
    await client.send(new CreateRouteCommand({ ApiId, RouteKey: 'POST /{thing}', Target }));
    const answer = await visit(isola, ApiId, '/a', { method: 'POST' });
    expect([answer.status, answer.headers['x-a'], answer.text]).toEqual([201, '1, 2', 'made']);
    const inferred = await createApi('old', '1.0');
    await allowApi(isola, 'old', `${inferred.ApiId}/*`);
    await client.send(new CreateRouteCommand({ ApiId: inferred.ApiId, RouteKey: 'GET /', Target: inferred.Target }));
    expect((await visit(isola, inferred.ApiId, '/')).status).toBe(500);
  });
});

describe('what an API lets through', () => {
  it('is bounded by stage and route', async () => {
    const { ApiId, Target } = await createApi('echo');
    await allowApi(isola, 'echo', `${ApiId}/*`);
    await client.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /few', Target }));
    await client.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /many', Target }));
    await client.send(
      new UpdateStageCommand({
        ...{
          ApiId,
          StageName: '$default',
          DefaultRouteSettings: { ThrottlingBurstLimit: 100, ThrottlingRateLimit: 100 },
        },
        RouteSettings: { 'GET /few': { ThrottlingBurstLimit: 2, ThrottlingRateLimit: 0.001 } },
      }),
    );
    const statuses = [];
    for (let round = 0; round < 3; round++) statuses.push((await visit(isola, ApiId, '/few')).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect((await visit(isola, ApiId, '/few')).text).toBe('{"message":"Too Many Requests"}');
    expect((await visit(isola, ApiId, '/many')).status).toBe(200);
  });

  it('is at most what a function may be given', async () => {
    const large = await visit(isola, quick, '/', { method: 'POST', body: 'x'.repeat(6_291_457) });
    expect([large.status, large.text]).toEqual([413, '{"message":"Request Entity Too Large"}']);
  });

  it('is told to browsers of other origins', async () => {
    await client.send(
      new UpdateApiCommand({
        ...{ ApiId: quick },
        CorsConfiguration: {
          ...{ AllowOrigins: ['https://*'], AllowMethods: ['PUT'], AllowHeaders: ['x-key'], MaxAge: 10 },
          ExposeHeaders: ['x-total'],
        },
      }),
    );
    const origin = 'https://example.com';
    const preflight = await visit(isola, quick, '/a', {
      ...{ method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'PUT' } },
    });
    expect(preflight).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'PUT',
        'access-control-allow-headers': 'x-key',
        'access-control-max-age': '10',
      },
    });
    expect((await visit(isola, quick, '/a', { headers: { origin } })).headers).toMatchObject({
      ...{ 'access-control-allow-origin': origin, 'access-control-expose-headers': 'x-total' },
    });
    const other = await visit(isola, quick, '/a', { headers: { origin: 'http://example.com' } });
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
  });
});
