import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toArn, visit } from '../support/apis.ts';
import { type AwsCli, canRunAws, createAwsCli } from '../support/aws-cli.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';

describe.skipIf(!canRunAws)("HTTP APIs by the AWS CLI (needs Debian's package awscli)", () => {
  let isola: TestIsola;
  let aws: AwsCli;
  beforeAll(async () => {
    isola = await startTestIsola();
    aws = createAwsCli(isola);
    await isola.create('items', guest('echo'));
  });
  afterAll(async () => {
    await isola.stop();
    aws.close();
  });

  const allow = (apiId: string, what: string) =>
    aws.type(
      `lambda add-permission --function-name items --statement-id ${apiId}${what.length} --action lambda:InvokeFunction --principal apigateway.amazonaws.com --source-arn 'arn:aws:execute-api:us-east-1:000000000000:${apiId}/${what}'`,
    );

  it('are made at once by quick create', async () => {
    const { ApiId, ApiEndpoint } = (await aws.type(
      `apigatewayv2 create-api --name quick --protocol-type HTTP --target ${toArn('items')}`,
    )) as Record<string, string>;
    expect(ApiEndpoint).toBe(`http://${ApiId}.execute-api.us-east-1.localhost:${new URL(isola.url).port}`);
    await allow(ApiId as string, '*/$default');
    expect((await visit(isola, ApiId as string, '/any/path')).body()).toMatchObject({ rawPath: '/any/path' });
  }, 120_000);

  it('are made step by step, as tutorials do', async () => {
    const typed = async (words: string) => (await aws.type(`apigatewayv2 ${words}`)) as Record<string, string>;
    const { ApiId } = await typed('create-api --name crud --protocol-type HTTP --cors-configuration AllowOrigins=*');
    const { IntegrationId } = await typed(
      `create-integration --api-id ${ApiId} --integration-type AWS_PROXY --integration-uri ${toArn('items')} --payload-format-version 2.0`,
    );
    for (const key of ['GET /items/{id}', 'GET /items', 'PUT /items', 'DELETE /items/{id}']) {
      await typed(`create-route --api-id ${ApiId} --route-key '${key}' --target integrations/${IntegrationId}`);
    }
    await typed(`create-stage --api-id ${ApiId} --stage-name '$default' --auto-deploy`);
    await typed(`create-stage --api-id ${ApiId} --stage-name dev --auto-deploy --stage-variables table=dev`);
    await typed(
      `update-stage --api-id ${ApiId} --stage-name dev --route-settings '{"GET /items":{"ThrottlingBurstLimit":1,"ThrottlingRateLimit":0.001}}'`,
    );
    await allow(ApiId as string, '*/*/items*');
    expect((await typed(`get-routes --api-id ${ApiId}`)).Items).toHaveLength(4);
    expect((await visit(isola, ApiId as string, '/dev/items/7')).body()).toMatchObject({
      ...{ routeKey: 'GET /items/{id}', pathParameters: { id: '7' }, stageVariables: { table: 'dev' } },
    });
    const twice = [
      await visit(isola, ApiId as string, '/dev/items'),
      await visit(isola, ApiId as string, '/dev/items'),
    ];
    expect(twice.map(({ status }) => status)).toEqual([200, 429]);
    await typed(
      `create-authorizer --api-id ${ApiId} --name login --authorizer-type JWT --identity-source '$request.header.Authorization' --jwt-configuration Audience=shop,Issuer=https://issuer.example`,
    );
    await typed(`delete-route-settings --api-id ${ApiId} --stage-name dev --route-key 'GET /items'`);
    await typed(`tag-resource --resource-arn arn:aws:apigateway:us-east-1::/apis/${ApiId} --tags team=a`);
    expect(await typed(`get-api --api-id ${ApiId}`)).toMatchObject({ Tags: { team: 'a' } });
    await typed(`delete-api --api-id ${ApiId}`);
    expect((await visit(isola, ApiId as string, '/dev/items/7')).status).toBe(404);
    await expect(typed(`get-api --api-id ${ApiId}`)).rejects.toThrow(/\(NotFoundException\) when calling the GetApi/);
  }, 300_000);
});
