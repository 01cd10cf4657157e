import {
  type ApiGatewayV2Client,
  CreateApiCommand,
  CreateAuthorizerCommand,
  CreateDeploymentCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
  DeleteApiCommand,
  DeleteAuthorizerCommand,
  DeleteCorsConfigurationCommand,
  DeleteDeploymentCommand,
  DeleteIntegrationCommand,
  DeleteRouteCommand,
  DeleteRouteSettingsCommand,
  DeleteStageCommand,
  GetApiCommand,
  GetApisCommand,
  GetAuthorizerCommand,
  GetAuthorizersCommand,
  GetDeploymentCommand,
  GetDeploymentsCommand,
  GetIntegrationCommand,
  GetIntegrationsCommand,
  GetRouteCommand,
  GetRoutesCommand,
  GetStageCommand,
  GetStagesCommand,
  GetTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateApiCommand,
  UpdateAuthorizerCommand,
  UpdateIntegrationCommand,
  UpdateRouteCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApisClient, toArn } from '../support/apis.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';

let isola: TestIsola;
let client: ApiGatewayV2Client;
beforeAll(async () => {
  isola = await startTestIsola();
  client = createApisClient(isola);
});
afterAll(async () => {
  client.destroy();
  await isola.stop();
});

async function createApi(Name: string): Promise<string> {
  return (await client.send(new CreateApiCommand({ Name, ProtocolType: 'HTTP' }))).ApiId ?? '';
}

async function createIntegration(ApiId: string): Promise<string> {
  const { IntegrationId = '' } = await client.send(
    new CreateIntegrationCommand({
      ...{ ApiId, IntegrationType: 'AWS_PROXY', IntegrationUri: toArn('f'), PayloadFormatVersion: '2.0' },
    }),
  );
  return IntegrationId;
}

describe('APIs', () => {
  it('are made, shown, changed and deleted', async () => {
    const made = await client.send(
      new CreateApiCommand({
        ...{ Name: 'shop', ProtocolType: 'HTTP', Description: 'all of it', Version: '1', Tags: { team: 'a' } },
        CorsConfiguration: { AllowOrigins: ['https://example.com'], AllowMethods: ['GET', '*'], MaxAge: 60 },
      }),
    );
    const { ApiId = '' } = made;
    expect(ApiId).toMatch(/^[a-z0-9]{10}$/);
    expect(made).toMatchObject({
      ...{ Name: 'shop', ProtocolType: 'HTTP', Description: 'all of it', Version: '1', Tags: { team: 'a' } },
      ApiEndpoint: `http://${ApiId}.execute-api.us-east-1.localhost:${new URL(isola.url).port}`,
      ApiKeySelectionExpression: '$request.header.x-api-key',
      RouteSelectionExpression: '$request.method $request.path',
      CorsConfiguration: { AllowOrigins: ['https://example.com'], AllowMethods: ['GET', '*'], MaxAge: 60 },
      DisableExecuteApiEndpoint: false,
    });
    expect(made.CreatedDate?.getTime()).toBeGreaterThan(Date.now() - 60_000);
    const changed = await client.send(new UpdateApiCommand({ ApiId, Name: 'stall' }));
    expect(changed).toMatchObject({ ApiId, Name: 'stall', Description: 'all of it' });
    const { $metadata, ...shown } = await client.send(new GetApiCommand({ ApiId }));
    expect(changed).toMatchObject(shown);
    await client.send(new DeleteCorsConfigurationCommand({ ApiId }));
    expect((await client.send(new GetApiCommand({ ApiId }))).CorsConfiguration).toBeUndefined();
    await client.send(new DeleteApiCommand({ ApiId }));
    await expect(client.send(new GetApiCommand({ ApiId }))).rejects.toMatchObject({
      ...{ name: 'NotFoundException', $metadata: { httpStatusCode: 404 } },
    });
  });

  it('are made whole by a target: a route, an integration and a stage', async () => {
    const { ApiId } = await client.send(new CreateApiCommand({ Name: 'q', ProtocolType: 'HTTP', Target: toArn('f') }));
    const [route, ...routes] = (await client.send(new GetRoutesCommand({ ApiId }))).Items ?? [];
    const [integration] = (await client.send(new GetIntegrationsCommand({ ApiId }))).Items ?? [];
    const [stage] = (await client.send(new GetStagesCommand({ ApiId }))).Items ?? [];
    expect(routes).toEqual([]);
    expect(integration).toMatchObject({
      IntegrationUri: toArn('f'),
      PayloadFormatVersion: '2.0',
      ApiGatewayManaged: true,
    });
    expect(route).toMatchObject({ RouteKey: '$default', Target: `integrations/${integration?.IntegrationId}` });
    expect(stage).toMatchObject({ StageName: '$default', AutoDeploy: true, ApiGatewayManaged: true });
    await client.send(new UpdateApiCommand({ ApiId, Target: toArn('g'), RouteKey: 'GET /only' }));
    expect((await client.send(new GetRoutesCommand({ ApiId }))).Items).toMatchObject([{ RouteKey: 'GET /only' }]);
    expect((await client.send(new GetIntegrationsCommand({ ApiId }))).Items).toMatchObject([
      { IntegrationUri: toArn('g'), PayloadFormatVersion: '2.0' },
    ]);
    const plain = await createApi('plain');
    await expect(client.send(new UpdateApiCommand({ ApiId: plain, Target: toArn('f') }))).rejects.toMatchObject({
      name: 'BadRequestException',
    });
    await client.send(new DeleteApiCommand({ ApiId: plain }));
    const [deployment] = (await client.send(new GetDeploymentsCommand({ ApiId }))).Items ?? [];
    const deployed = await client.send(new GetStageCommand({ ApiId, StageName: '$default' }));
    expect(stage?.DeploymentId).not.toBe(deployed.DeploymentId);
    expect(deployment).toMatchObject({ AutoDeployed: true, DeploymentId: deployed.DeploymentId });
    await client.send(new DeleteApiCommand({ ApiId }));
  });

  it('are listed by pages', async () => {
    const made = [await createApi('a'), await createApi('b'), await createApi('c')];
    const first = await client.send(new GetApisCommand({ MaxResults: '2' }));
    expect(first.Items).toHaveLength(2);
    const rest = await client.send(new GetApisCommand({ MaxResults: '2', NextToken: first.NextToken }));
    expect(rest.NextToken).toBeUndefined();
    const ids = [...(first.Items ?? []), ...(rest.Items ?? [])].map(({ ApiId }) => ApiId);
    expect(ids.toSorted()).toEqual(made.toSorted());
    for (const ApiId of made) await client.send(new DeleteApiCommand({ ApiId }));
  });

  it('are refused when they cannot be', async () => {
    const odd: Record<string, unknown>[] = [
      { ProtocolType: 'WEBSOCKET' },
      { ProtocolType: 'FTP' },
      { Name: '' },
      { Name: 'x'.repeat(129) },
      { CorsConfiguration: { AllowHeaders: ['a b'] } },
      { CorsConfiguration: { AllowOrigins: ['*'], AllowCredentials: true } },
      { CorsConfiguration: { AllowOrigins: ['x\r\ny: z'] } },
      { Target: 'https://example.com' },
      { Target: toArn('f'), RouteKey: 'FETCH /' },
      { RouteKey: 'GET /' },
      { Tags: { 'aws:x': 'y' } },
    ];
    for (const input of odd) {
      await expect(
        client.send(new CreateApiCommand({ Name: 'n', ProtocolType: 'HTTP', ...input })),
        JSON.stringify(input),
      ).rejects.toMatchObject({ name: 'BadRequestException', $metadata: { httpStatusCode: 400 } });
    }
    expect((await client.send(new GetApisCommand({}))).Items).toEqual([]);
  });
});

describe('what belongs to an API', () => {
  let ApiId: string;
  beforeAll(async () => {
    ApiId = await createApi('parts');
  });

  it('has integrations', async () => {
    const made = await client.send(
      new CreateIntegrationCommand({
        ...{ ApiId, IntegrationType: 'AWS_PROXY', IntegrationUri: toArn('f'), PayloadFormatVersion: '1.0' },
        TimeoutInMillis: 2_000,
      }),
    );
    const { IntegrationId } = made;
    expect(made).toMatchObject({ ConnectionType: 'INTERNET', IntegrationMethod: 'POST', TimeoutInMillis: 2_000 });
    const around = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${toArn('g')}/invocations`;
    await client.send(new UpdateIntegrationCommand({ ApiId, IntegrationId, IntegrationUri: around }));
    expect(await client.send(new GetIntegrationCommand({ ApiId, IntegrationId }))).toMatchObject({
      ...{ IntegrationUri: around, PayloadFormatVersion: '1.0', TimeoutInMillis: 2_000 },
    });
    for (const odd of [
      { IntegrationType: 'HTTP_PROXY' as const },
      { IntegrationUri: 'arn:aws:sqs:us-east-1:000000000000:q' },
      { PayloadFormatVersion: '3.0' },
      { PayloadFormatVersion: undefined },
      { TimeoutInMillis: 30_001 },
      { RequestParameters: { 'append:header.x': 'y' } },
    ]) {
      const input = { IntegrationType: 'AWS_PROXY' as const, IntegrationUri: toArn('f'), PayloadFormatVersion: '2.0' };
      const refused = client.send(new CreateIntegrationCommand({ ApiId, ...input, ...odd }));
      await expect(refused, JSON.stringify(odd)).rejects.toMatchObject({ name: 'BadRequestException' });
    }
    await client.send(new DeleteIntegrationCommand({ ApiId, IntegrationId }));
    expect((await client.send(new GetIntegrationsCommand({ ApiId }))).Items).toEqual([]);
  });

  it('has routes, one for each key, whose integrations stay while they are needed', async () => {
    const IntegrationId = await createIntegration(ApiId);
    const Target = `integrations/${IntegrationId}`;
    const made = await client.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /items/{id}', Target }));
    expect(made).toMatchObject({
      RouteKey: 'GET /items/{id}',
      Target,
      AuthorizationType: 'NONE',
      ApiKeyRequired: false,
    });
    await expect(client.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /items/{name}' }))).rejects.toMatchObject({
      ...{ name: 'ConflictException', $metadata: { httpStatusCode: 409 } },
    });
    await expect(client.send(new DeleteIntegrationCommand({ ApiId, IntegrationId }))).rejects.toMatchObject({
      name: 'ConflictException',
    });
    const { RouteId } = made;
    await client.send(new UpdateRouteCommand({ ApiId, RouteId, RouteKey: 'PUT /items/{id+}' }));
    expect(await client.send(new GetRouteCommand({ ApiId, RouteId }))).toMatchObject({
      RouteKey: 'PUT /items/{id+}',
      Target,
    });
    for (const odd of [
      { RouteKey: 'GET items' },
      { RouteKey: 'get /items' },
      { RouteKey: 'GET /{a+}/b' },
      { RouteKey: 'GET /{a}/{a}' },
      { RouteKey: 'GET /x', Target: 'integrations/none' },
      { RouteKey: 'GET /x', AuthorizationType: 'JWT' as const },
      { RouteKey: 'GET /x', AuthorizationScopes: ['a'] },
      { RouteKey: 'GET /x', ApiKeyRequired: true },
    ]) {
      const refused = client.send(new CreateRouteCommand({ ApiId, ...odd }));
      await expect(refused, JSON.stringify(odd)).rejects.toMatchObject({ name: 'BadRequestException' });
    }
    await client.send(new DeleteRouteCommand({ ApiId, RouteId }));
    expect((await client.send(new GetRoutesCommand({ ApiId }))).Items).toEqual([]);
  });

  it('has authorizers, which stay while a route needs them', async () => {
    const jwt = await client.send(
      new CreateAuthorizerCommand({
        ...{ ApiId, Name: 'login', AuthorizerType: 'JWT', IdentitySource: ['$request.header.Authorization'] },
        JwtConfiguration: { Issuer: 'https://example.com/', Audience: ['shop'] },
      }),
    );
    expect(jwt).toMatchObject({ JwtConfiguration: { Issuer: 'https://example.com/', Audience: ['shop'] } });
    const lambda = await client.send(
      new CreateAuthorizerCommand({
        ...{ ApiId, Name: 'gate', AuthorizerType: 'REQUEST', IdentitySource: ['$request.header.X-Key'] },
        ...{ AuthorizerUri: toArn('f'), AuthorizerPayloadFormatVersion: '2.0', EnableSimpleResponses: true },
      }),
    );
    expect(lambda).toMatchObject({ AuthorizerResultTtlInSeconds: 300, EnableSimpleResponses: true });
    const { AuthorizerId } = jwt;
    const { RouteId } = await client.send(
      new CreateRouteCommand({
        ...{ ApiId, RouteKey: 'GET /safe', AuthorizationType: 'JWT', AuthorizerId, AuthorizationScopes: ['read'] },
      }),
    );
    await expect(client.send(new DeleteAuthorizerCommand({ ApiId, AuthorizerId }))).rejects.toMatchObject({
      name: 'ConflictException',
    });
    await client.send(new UpdateAuthorizerCommand({ ApiId, AuthorizerId, Name: 'entry' }));
    expect(await client.send(new GetAuthorizerCommand({ ApiId, AuthorizerId }))).toMatchObject({ Name: 'entry' });
    await client.send(new DeleteRouteCommand({ ApiId, RouteId }));
    await client.send(new DeleteAuthorizerCommand({ ApiId, AuthorizerId }));
    expect((await client.send(new GetAuthorizersCommand({ ApiId }))).Items?.map(({ Name }) => Name)).toEqual(['gate']);
    for (const odd of [
      { AuthorizerType: 'JWT' as const, IdentitySource: ['$request.header.A'] },
      { AuthorizerType: 'JWT' as const, JwtConfiguration: { Issuer: 'ftp://x', Audience: ['a'] } },
      { AuthorizerType: 'REQUEST' as const, AuthorizerUri: toArn('f') },
      { AuthorizerType: 'REQUEST' as const, IdentitySource: ['$request.body'] },
    ]) {
      const input = { ApiId, Name: 'x', IdentitySource: undefined };
      const refused = client.send(new CreateAuthorizerCommand({ ...input, ...odd }));
      await expect(refused, JSON.stringify(odd)).rejects.toMatchObject({ name: 'BadRequestException' });
    }
  });

  it('has stages, which serve deployments or deploy by themselves', async () => {
    await expect(client.send(new CreateDeploymentCommand({ ApiId }))).rejects.toMatchObject({
      name: 'BadRequestException',
    });
    const Target = `integrations/${await createIntegration(ApiId)}`;
    await client.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /staged', Target }));
    const { DeploymentId } = await client.send(new CreateDeploymentCommand({ ApiId, Description: 'first' }));
    const made = await client.send(
      new CreateStageCommand({
        ...{ ApiId, StageName: 'prod', DeploymentId, StageVariables: { table: 'items' }, Tags: { a: 'b' } },
        DefaultRouteSettings: { ThrottlingBurstLimit: 5, ThrottlingRateLimit: 0.5 },
        RouteSettings: { 'GET /staged': { ThrottlingRateLimit: 2 } },
      }),
    );
    expect(made).toMatchObject({
      ...{ StageName: 'prod', DeploymentId, AutoDeploy: false, StageVariables: { table: 'items' }, Tags: { a: 'b' } },
      DefaultRouteSettings: { ThrottlingBurstLimit: 5, ThrottlingRateLimit: 0.5 },
      RouteSettings: { 'GET /staged': { ThrottlingRateLimit: 2 } },
    });
    await client.send(new DeleteRouteSettingsCommand({ ApiId, StageName: 'prod', RouteKey: 'GET /staged' }));
    await client.send(new UpdateStageCommand({ ApiId, StageName: 'prod', StageVariables: { other: 'x', table: '' } }));
    expect(await client.send(new GetStageCommand({ ApiId, StageName: 'prod' }))).toMatchObject({
      ...{ RouteSettings: {}, StageVariables: { other: 'x' }, DefaultRouteSettings: { ThrottlingBurstLimit: 5 } },
    });
    await expect(client.send(new DeleteDeploymentCommand({ ApiId, DeploymentId }))).rejects.toMatchObject({
      name: 'BadRequestException',
    });
    await client.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));
    expect((await client.send(new GetStagesCommand({ ApiId }))).Items).toHaveLength(2);
    await client.send(new DeleteStageCommand({ ApiId, StageName: 'prod' }));
    expect(await client.send(new GetDeploymentCommand({ ApiId, DeploymentId }))).toMatchObject({
      ...{ DeploymentStatus: 'DEPLOYED', Description: 'first', AutoDeployed: false },
    });
    await client.send(new DeleteDeploymentCommand({ ApiId, DeploymentId }));
    await expect(client.send(new GetStageCommand({ ApiId, StageName: 'prod' }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });

  it('has tags', async () => {
    const ResourceArn = `arn:aws:apigateway:us-east-1::/apis/${ApiId}`;
    await client.send(new TagResourceCommand({ ResourceArn, Tags: { a: '1', b: '2' } }));
    await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['a'] }));
    expect((await client.send(new GetTagsCommand({ ResourceArn }))).Tags).toEqual({ b: '2' });
    const stage = { ResourceArn: `${ResourceArn}/stages/$default` };
    await client.send(new TagResourceCommand({ ...stage, Tags: { c: '3' } }));
    expect((await client.send(new GetTagsCommand(stage))).Tags).toEqual({ c: '3' });
  });
});
