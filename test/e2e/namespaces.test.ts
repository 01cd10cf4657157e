import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionUrlConfigCommand,
  DeleteFunctionCommand,
  GetAccountSettingsCommand,
  GetAliasCommand,
  GetEventSourceMappingCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionUrlConfigCommand,
  GetLayerVersionByArnCommand,
  GetLayerVersionCommand,
  GetPolicyCommand,
  GetProvisionedConcurrencyConfigCommand,
  InvokeCommand,
  type LambdaClient,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  ListLayersCommand,
  ListLayerVersionsCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createClient, createFunction, startTestIsola, type TestIsola } from '../support/isola.ts';
import { query, readKey } from '../support/query-client.ts';
import { createRole } from '../support/role.ts';
import { guest } from '../support/wat.ts';
import { zip } from '../support/zip.ts';

const FunctionName = 'f';
const Name = 'live';
const ACCOUNT = '111122223333';

/** One of everything that is kept; answers the mapping's UUID. */
async function furnish(client: LambdaClient, accountId: string): Promise<string> {
  const Role = `arn:aws:iam::${accountId}:role/test`;
  await createFunction(client, FunctionName, guest('echo'), { Role, Tags: { a: 'b' } });
  await client.send(new PublishVersionCommand({ FunctionName }));
  await client.send(new CreateAliasCommand({ FunctionName, Name, FunctionVersion: '1' }));
  await client.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'AWS_IAM' }));
  const grant = { StatementId: 's', Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com' };
  await client.send(new AddPermissionCommand({ FunctionName, ...grant }));
  await client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 900 }));
  await client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 0 }));
  const ZipFile = await zip({ 'a.txt': Buffer.from('a') });
  await client.send(new PublishLayerVersionCommand({ LayerName: 'l', Content: { ZipFile } }));
  const EventSourceArn = `arn:aws:sqs:us-east-1:${accountId}:q`;
  const mapping = { FunctionName, EventSourceArn, Enabled: false };
  return (await client.send(new CreateEventSourceMappingCommand(mapping))).UUID ?? '';
}

/** Nothing of what `furnish` made is seen, by list, by name or by ARN. */
async function expectNothing(client: LambdaClient, owner: { region: string; accountId: string; uuid: string }) {
  const { region, accountId, uuid: UUID } = owner;
  const arn = `arn:aws:lambda:${region}:${accountId}:function:f`;
  const LayerName = 'l';
  expect((await client.send(new ListFunctionsCommand({ FunctionVersion: 'ALL' }))).Functions).toEqual([]);
  expect((await client.send(new ListLayersCommand({}))).Layers).toEqual([]);
  expect((await client.send(new ListLayerVersionsCommand({ LayerName }))).LayerVersions).toEqual([]);
  expect((await client.send(new ListEventSourceMappingsCommand({}))).EventSourceMappings).toEqual([]);
  const { AccountLimit, AccountUsage } = await client.send(new GetAccountSettingsCommand({}));
  expect(AccountUsage).toEqual({ FunctionCount: 0, TotalCodeSize: 0 });
  expect(AccountLimit?.UnreservedConcurrentExecutions).toBe(1_000);
  const readings: Readonly<Record<string, () => Promise<unknown>>> = {
    function: () => client.send(new GetFunctionCommand({ FunctionName })),
    'function by ARN': () => client.send(new GetFunctionCommand({ FunctionName: arn })),
    invocation: () => client.send(new InvokeCommand({ FunctionName })),
    'invocation by ARN': () => client.send(new InvokeCommand({ FunctionName: arn })),
    versions: () => client.send(new ListVersionsByFunctionCommand({ FunctionName })),
    alias: () => client.send(new GetAliasCommand({ FunctionName, Name })),
    URL: () => client.send(new GetFunctionUrlConfigCommand({ FunctionName })),
    policy: () => client.send(new GetPolicyCommand({ FunctionName })),
    concurrency: () => client.send(new GetFunctionConcurrencyCommand({ FunctionName })),
    'event-invoke config': () => client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName })),
    'provisioned config': () =>
      client.send(new GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: Name })),
    tags: () => client.send(new ListTagsCommand({ Resource: arn })),
    layer: () => client.send(new GetLayerVersionCommand({ LayerName, VersionNumber: 1 })),
    'layer by ARN': () =>
      client.send(new GetLayerVersionByArnCommand({ Arn: `arn:aws:lambda:${region}:${accountId}:layer:l:1` })),
    mapping: () => client.send(new GetEventSourceMappingCommand({ UUID })),
  };
  for (const [what, read] of Object.entries(readings)) {
    const error = await read().then(
      () => undefined,
      (reason: Error & { $metadata?: { httpStatusCode?: number } }) => reason,
    );
    expect([what, error?.$metadata?.httpStatusCode]).toEqual([
      what,
      expect.toSatisfy((code) => [403, 404].includes(code)),
    ]);
  }
}

describe('another region', () => {
  let isola: TestIsola;
  let elsewhere: LambdaClient;
  beforeAll(async () => {
    isola = await startTestIsola();
    elsewhere = createClient(isola.url, isola.running.credentialsFile, 'eu-central-1');
  });
  afterAll(async () => {
    elsewhere.destroy();
    await isola.stop();
  });

  it('sees nothing of what there is here, and has its own under the same names', async () => {
    const owner = { region: 'us-east-1', accountId: '000000000000' };
    const uuid = await furnish(isola.client, owner.accountId);
    await expectNothing(elsewhere, { ...owner, uuid });
    await createFunction(elsewhere, FunctionName, guest('counter'));
    const invoke = async (client: LambdaClient) => {
      const { Payload = [] } = await client.send(new InvokeCommand({ FunctionName, Payload: Buffer.from('"here"') }));
      return JSON.parse(Buffer.from(Payload).toString()) as unknown;
    };
    expect([await invoke(isola.client), await invoke(elsewhere)]).toEqual(['here', 1]);
    const { Configuration } = await elsewhere.send(new GetFunctionCommand({ FunctionName }));
    expect(Configuration?.FunctionArn).toBe('arn:aws:lambda:eu-central-1:000000000000:function:f');
  });
});

describe('another account', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'isola-accounts-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  it('sees nothing in the same data directory, and the first finds all again', async () => {
    const start = (ISOLA_ACCOUNT_ID: string) => startTestIsola({ ISOLA_DATA_DIR: dataDir, ISOLA_ACCOUNT_ID });
    const first = await start(ACCOUNT);
    const uuid = await furnish(first.client, ACCOUNT);
    const key = readKey(first.running.credentialsFile);
    const Statement = [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }];
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    const role = { RoleName: 'r', AssumeRolePolicyDocument };
    const created = await query(first.url, key, 'iam', 'CreateRole', role);
    expect(created.text('Arn')).toBe(`arn:aws:iam::${ACCOUNT}:role/r`);
    expect((await query(first.url, key, 'sts', 'GetCallerIdentity')).text('Account')).toBe(ACCOUNT);
    await first.stop();

    const second = await start('444455556666');
    await expectNothing(second.client, { region: 'us-east-1', accountId: ACCOUNT, uuid });
    expect((await query(second.url, key, 'iam', 'GetRole', { RoleName: 'r' })).status).toBe(404);
    expect((await query(second.url, key, 'iam', 'ListRoles')).texts('RoleName')).not.toContain('r');
    expect((await query(second.url, key, 'sts', 'GetCallerIdentity')).text('Account')).toBe('444455556666');
    await second.stop();

    const third = await start(ACCOUNT);
    const { Configuration, Concurrency, Tags } = await third.client.send(new GetFunctionCommand({ FunctionName }));
    expect(Configuration?.FunctionArn).toBe(`arn:aws:lambda:us-east-1:${ACCOUNT}:function:f`);
    expect([Concurrency?.ReservedConcurrentExecutions, Tags]).toEqual([900, { a: 'b' }]);
    await third.stop();
  });

  it('reads no values that functions of the first keep under the same names', async () => {
    const Resource = 'arn:isola:kv:*:*:f/*';
    const ask = async (ISOLA_ACCOUNT_ID: string, event: object): Promise<unknown> => {
      const isola = await startTestIsola({ ISOLA_DATA_DIR: dataDir, ISOLA_ACCOUNT_ID });
      try {
        const Role = await createRole(isola.running, randomUUID(), [
          { Effect: 'Allow', Action: 'isola:Kv*', Resource },
        ]);
        await isola.client.send(new DeleteFunctionCommand({ FunctionName })).catch(() => undefined);
        await isola.create(FunctionName, guest('caller'), { Role });
        const { payload } = await isola.invoke(FunctionName, event);
        return payload;
      } finally {
        await isola.stop();
      }
    };
    expect(await ask(ACCOUNT, { op: 'kv.put', key: 'k' })).toMatchObject({ done: true });
    expect(await ask('444455556666', { op: 'kv.list' })).toEqual({ keys: [] });
    expect(await ask(ACCOUNT, { op: 'kv.list' })).toMatchObject({ keys: [{ key: 'k' }] });
  });
});
