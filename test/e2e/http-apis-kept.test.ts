import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateIntegrationCommand,
  GetApisCommand,
  GetRoutesCommand,
} from '@aws-sdk/client-apigatewayv2';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, it, onTestFinished } from 'vitest';
import { NodeSha256 } from '../../runtime/gateway/auth/node-sha256.ts';
import { allowApi, createApisClient, createQuickApi, toArn, visit } from '../support/apis.ts';
import { exchange } from '../support/exchange.ts';
import { startTestIsola } from '../support/isola.ts';
import { type AccessKey, query, readKey } from '../support/query-client.ts';
import { startServer } from '../support/server-process.ts';
import { guest } from '../support/wat.ts';

describe('an API', () => {
  it('is there whole after the server was killed, or not at all', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'isola-test-'));
    onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
    const open = async () => {
      const server = await startServer({ ISOLA_DATA_DIR: dataDir });
      const credentials = readKey(server.credentialsFile);
      const client = new ApiGatewayV2Client({ endpoint: server.url, region: 'us-east-1', maxAttempts: 1, credentials });
      return { server, client };
    };
    const made: string[] = [];
    const first = await open();
    const make = async (): Promise<void> => {
      for (;;) {
        const quick = { Name: 'quick', ProtocolType: 'HTTP', Target: toArn('f') } as const;
        made.push((await first.client.send(new CreateApiCommand(quick))).ApiId ?? '');
        if (made.length === 30) void first.server.kill();
      }
    };
    await Promise.allSettled([make(), make(), make()]);
    const second = await open();
    const { Items = [] } = await second.client.send(new GetApisCommand({}));
    const kept = Items.map(({ ApiId }) => ApiId as string);
    expect(made.filter((ApiId) => !kept.includes(ApiId))).toEqual([]);
    for (const ApiId of kept) {
      expect((await second.client.send(new GetRoutesCommand({ ApiId }))).Items).toHaveLength(1);
    }
    await second.server.stop();
  }, 120_000);

  it('answers by every process of several', async () => {
    const isola = await startTestIsola({ ISOLA_PROCESSES: '2', ISOLA_THREADS: '2' });
    onTestFinished(() => isola.stop());
    const client = createApisClient(isola);
    await isola.create('echo', guest('echo'));
    const apiId = await createQuickApi(isola, client, 'echo');
    client.destroy();
    const visits = await Promise.all(Array.from({ length: 12 }, (_, n) => visit(isola, apiId, `/${n}`)));
    expect(visits.map(({ status }) => status)).toEqual(Array(12).fill(200));
    const byPath = await exchange(isola.url, { method: 'GET', path: `/api/${apiId}/x`, headers: {} });
    expect(byPath.status).toBe(200);
  }, 120_000);

  it('answers at the public port, where there is one, and is changed at the other', async () => {
    const isola = await startTestIsola({ ISOLA_PUBLIC_PORT: '0' });
    onTestFinished(() => isola.stop());
    const client = createApisClient(isola);
    await isola.create('echo', guest('echo'));
    const made = await client.send(new CreateApiCommand({ Name: 'f', ProtocolType: 'HTTP', Target: toArn('echo') }));
    client.destroy();
    const { ApiId = '', ApiEndpoint = '' } = made;
    await allowApi(isola, 'echo', `${ApiId}/*`);
    const { publicUrl } = isola.running;
    const { host, port } = new URL(ApiEndpoint);
    expect(port).toBe(new URL(publicUrl).port);
    const ask = async (url: string, path: string, headers = {}) =>
      (await exchange(url, { method: 'GET', path, headers })).status;
    expect([await ask(publicUrl, '/a', { host }), await ask(publicUrl, `/api/${ApiId}/a`)]).toEqual([200, 200]);
    expect([await ask(isola.url, `/api/${ApiId}/a`), await ask(publicUrl, '/v2/apis')]).toEqual([404, 403]);
  });
});

it('operations on APIs need what IAM allows', async () => {
  const isola = await startTestIsola();
  onTestFinished(() => isola.stop());
  const root = readKey(isola.running.credentialsFile);
  const iam = (action: string, form: Record<string, string>) =>
    query(isola.url, root, 'iam', action, { UserName: 'alice', ...form });
  await iam('CreateUser', {});
  const created = await iam('CreateAccessKey', {});
  const alice: AccessKey = {
    accessKeyId: created.text('AccessKeyId') as string,
    secretAccessKey: created.text('SecretAccessKey') as string,
  };
  const Statement = [
    { Effect: 'Allow', Action: 'apigateway:GET', Resource: 'arn:aws:apigateway:us-east-1::/apis' },
    { Effect: 'Allow', Action: 'apigateway:*', Resource: 'arn:aws:apigateway:us-east-1::/apis/*' },
    { Effect: 'Deny', Action: 'apigateway:DELETE', Resource: 'arn:aws:apigateway:us-east-1::/apis/*' },
  ];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam('PutUserPolicy', { PolicyName: 'p', PolicyDocument });
  const client = new ApiGatewayV2Client({
    endpoint: isola.url,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: alice,
  });
  expect((await client.send(new GetApisCommand({}))).Items).toEqual([]);
  const refused = client.send(new CreateApiCommand({ Name: 'x', ProtocolType: 'HTTP' }));
  await expect(refused).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(
      'is not authorized to perform: apigateway:POST on resource: arn:aws:apigateway:us-east-1::/apis',
    ),
  });
  const owner = createApisClient(isola);
  const { ApiId } = await owner.send(new CreateApiCommand({ Name: 'x', ProtocolType: 'HTTP' }));
  owner.destroy();
  const integration = {
    ApiId,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: toArn('f'),
    PayloadFormatVersion: '2.0',
  } as const;
  await client.send(new CreateIntegrationCommand(integration));
  // Who may not hand a role over may not have functions invoked by it either.
  const CredentialsArn = 'arn:aws:iam::000000000000:role/mighty';
  await expect(client.send(new CreateIntegrationCommand({ ...integration, CredentialsArn }))).rejects.toMatchObject({
    ...{
      name: 'AccessDeniedException',
      message: expect.stringContaining(`iam:PassRole on resource: ${CredentialsArn}`),
    },
  });
  const signer = new SignatureV4({
    service: 'apigateway',
    region: 'us-east-1',
    credentials: alice,
    sha256: NodeSha256,
  });
  for (const path of [`/v2/apis/${ApiId}`, `/v2/apis/${ApiId}/`]) {
    const { host } = new URL(isola.url);
    const { headers } = await signer.sign({
      method: 'DELETE',
      protocol: 'http:',
      hostname: host,
      path,
      headers: { host },
    });
    expect((await exchange(isola.url, { method: 'DELETE', path, headers })).status).toBe(403);
  }
  client.destroy();
});
