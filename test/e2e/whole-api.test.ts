import {
  AddLayerVersionPermissionCommand,
  AddPermissionCommand,
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  DeleteAliasCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  DeleteFunctionEventInvokeConfigCommand,
  DeleteFunctionUrlConfigCommand,
  DeleteLayerVersionCommand,
  DeleteProvisionedConcurrencyConfigCommand,
  GetAccountSettingsCommand,
  GetAliasCommand,
  GetEventSourceMappingCommand,
  GetFunctionCodeSigningConfigCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionRecursionConfigCommand,
  GetFunctionUrlConfigCommand,
  GetLayerVersionByArnCommand,
  GetLayerVersionCommand,
  GetLayerVersionPolicyCommand,
  GetPolicyCommand,
  GetProvisionedConcurrencyConfigCommand,
  GetRuntimeManagementConfigCommand,
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  ListTagsCommand,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  PutFunctionRecursionConfigCommand,
  PutProvisionedConcurrencyConfigCommand,
  PutRuntimeManagementConfigCommand,
  paginateListAliases,
  paginateListEventSourceMappings,
  paginateListFunctionEventInvokeConfigs,
  paginateListFunctions,
  paginateListFunctionUrlConfigs,
  paginateListLayers,
  paginateListLayerVersions,
  paginateListProvisionedConcurrencyConfigs,
  paginateListVersionsByFunction,
  RemoveLayerVersionPermissionCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  UpdateFunctionEventInvokeConfigCommand,
  UpdateFunctionUrlConfigCommand,
  waitUntilFunctionActive,
  waitUntilFunctionActiveV2,
  waitUntilFunctionExists,
  waitUntilFunctionUpdated,
  waitUntilFunctionUpdatedV2,
  waitUntilPublishedVersionActive,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answering } from '../support/answering-guest.ts';
import { ROLE, startTestIsola, type TestIsola } from '../support/isola.ts';
import { OPERATIONS, recordOperations, whole } from '../support/operations.ts';
import { zip } from '../support/zip.ts';

describe('every operation that a Lambda client uses', () => {
  let isola: TestIsola;
  let sent: ReadonlySet<string> = new Set();
  beforeAll(async () => {
    isola = await startTestIsola();
    sent = recordOperations(isola.client);
  });
  afterAll(() => isola.stop());

  const waiter = () => ({ client: isola.client, maxWaitTime: 10 });
  const pages = () => ({ client: isola.client, pageSize: 1 });

  async function create(name: string, says: string = name): Promise<{ FunctionName: string }> {
    await isola.create(name, answering(JSON.stringify(says)));
    await waitUntilFunctionActiveV2(waiter(), { FunctionName: name });
    return { FunctionName: name };
  }

  /** What an invocation of `FunctionName` answers, as JSON. */
  async function ask(FunctionName: string, Qualifier?: string): Promise<unknown> {
    const { Payload } = await isola.client.send(new InvokeCommand({ FunctionName, Qualifier }));
    return JSON.parse(Buffer.from(Payload ?? []).toString());
  }

  it('creates, reads, lists, updates and deletes functions', async () => {
    const created = await isola.client.send(
      new CreateFunctionCommand({
        ...{ FunctionName: 'life', Runtime: 'provided.al2023', Role: ROLE, Handler: 'index.handler' },
        Code: { ZipFile: await zip({ 'index.wasm': answering('"one"') }) },
        Environment: { Variables: { KEY: 'value' } },
      }),
    );
    expect(created).toMatchObject({
      State: 'Pending',
      StateReasonCode: 'Creating',
      Version: '$LATEST',
      MemorySize: 128,
    });
    const life = { FunctionName: 'life' };
    await waitUntilFunctionExists(waiter(), life);
    await waitUntilFunctionActive(waiter(), life);
    const { Configuration, Code, Tags } = await isola.client.send(new GetFunctionCommand(life));
    expect(Configuration).toMatchObject({
      State: 'Active',
      LastUpdateStatus: 'Successful',
      Environment: { Variables: { KEY: 'value' } },
    });
    expect({ Code, Tags }).toMatchObject({ Code: { RepositoryType: 'S3' } });
    expect(await ask('life')).toBe('one');

    const updated = await isola.client.send(new UpdateFunctionCodeCommand({ ...life, ZipFile: answering('"two"') }));
    expect(updated).toMatchObject({ LastUpdateStatus: 'InProgress' });
    await waitUntilFunctionUpdated(waiter(), life);
    await isola.client.send(
      new UpdateFunctionConfigurationCommand({ ...life, MemorySize: 256, Description: 'changed' }),
    );
    await waitUntilFunctionUpdatedV2(waiter(), life);
    expect(await isola.client.send(new GetFunctionConfigurationCommand(life))).toMatchObject({
      MemorySize: 256,
      Description: 'changed',
    });
    expect(await ask('life')).toBe('two');

    await create('life-2');
    const names = (await whole(paginateListFunctions(pages(), {}), ({ Functions }) => Functions)).map(
      (each) => each.FunctionName,
    );
    expect(names).toEqual(['life', 'life-2']);
    for (const FunctionName of names) await isola.client.send(new DeleteFunctionCommand({ FunctionName }));
    await expect(isola.client.send(new GetFunctionCommand(life))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('invokes, and answers as a stream', async () => {
    const name = await create('invoked');
    const answer = await isola.client.send(new InvokeCommand({ ...name, LogType: 'Tail' }));
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(await isola.client.send(new InvokeCommand({ ...name, InvocationType: 'DryRun' }))).toMatchObject({
      StatusCode: 204,
    });
    expect(await isola.client.send(new InvokeCommand({ ...name, InvocationType: 'Event' }))).toMatchObject({
      StatusCode: 202,
    });

    const streamed = await isola.client.send(new InvokeWithResponseStreamCommand(name));
    const chunks: Uint8Array[] = [];
    let complete: unknown;
    for await (const event of streamed.EventStream ?? []) {
      if (event.PayloadChunk?.Payload) chunks.push(event.PayloadChunk.Payload);
      complete = event.InvokeComplete ?? complete;
    }
    expect(JSON.parse(Buffer.concat(chunks).toString())).toBe('invoked');
    expect(complete).toBeDefined();
  });

  it('publishes versions, and gives them names', async () => {
    const name = await create('versioned', 'one');
    await isola.client.send(new PublishVersionCommand({ ...name, Description: 'the first' }));
    await waitUntilPublishedVersionActive(waiter(), { ...name, Qualifier: '1' });
    await isola.client.send(new UpdateFunctionCodeCommand({ ...name, ZipFile: answering('"two"'), Publish: true }));
    const versions = (await whole(paginateListVersionsByFunction(pages(), name), ({ Versions }) => Versions)).map(
      (each) => each.Version,
    );
    expect(versions).toEqual(['$LATEST', '1', '2']);

    const alias = { ...name, Name: 'live' };
    await isola.client.send(new CreateAliasCommand({ ...alias, FunctionVersion: '1' }));
    await isola.client.send(new CreateAliasCommand({ ...name, Name: 'next', FunctionVersion: '2' }));
    expect(await ask('versioned', 'live')).toBe('one');
    await isola.client.send(
      new UpdateAliasCommand({ ...alias, RoutingConfig: { AdditionalVersionWeights: { 2: 0.5 } } }),
    );
    const heard = new Set<unknown>();
    for (let call = 0; call < 60; call++) heard.add(await ask('versioned', 'live'));
    expect(heard).toEqual(new Set(['one', 'two']));
    expect(await isola.client.send(new GetAliasCommand(alias))).toMatchObject({
      FunctionVersion: '1',
      RoutingConfig: { AdditionalVersionWeights: { 2: 0.5 } },
    });
    const aliases = (await whole(paginateListAliases(pages(), name), ({ Aliases }) => Aliases)).map(
      (each) => each.Name,
    );
    expect(aliases).toEqual(['live', 'next']);
    await isola.client.send(new DeleteAliasCommand(alias));
    await expect(ask('versioned', 'live')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('keeps permissions', async () => {
    const name = await create('permitted');
    const { Statement } = await isola.client.send(
      new AddPermissionCommand({
        ...name,
        ...{ StatementId: 's3', Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com' },
        ...{ SourceArn: 'arn:aws:s3:::bucket', SourceAccount: '000000000000' },
      }),
    );
    expect(JSON.parse(Statement ?? '')).toEqual({
      ...{ Sid: 's3', Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' }, Action: 'lambda:InvokeFunction' },
      Resource: 'arn:aws:lambda:us-east-1:000000000000:function:permitted',
      Condition: {
        StringEquals: { 'AWS:SourceAccount': '000000000000' },
        ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::bucket' },
      },
    });
    const { Policy } = await isola.client.send(new GetPolicyCommand(name));
    expect(JSON.parse(Policy ?? '')).toMatchObject({
      Version: '2012-10-17',
      Id: 'default',
      Statement: [{ Sid: 's3' }],
    });
    await isola.client.send(new RemovePermissionCommand({ ...name, StatementId: 's3' }));
    await expect(isola.client.send(new GetPolicyCommand(name))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('publishes layers', async () => {
    const layer = { LayerName: 'fonts' };
    const publish = async (text: string) =>
      isola.client.send(
        new PublishLayerVersionCommand({
          ...layer,
          Content: { ZipFile: await zip({ 'font.txt': Buffer.from(text) }) },
        }),
      );
    expect(await publish('one')).toMatchObject({ Version: 1 });
    const { LayerVersionArn } = await publish('two');
    expect(LayerVersionArn).toBe('arn:aws:lambda:us-east-1:000000000000:layer:fonts:2');
    const second = { ...layer, VersionNumber: 2 };
    const read = await isola.client.send(new GetLayerVersionCommand(second));
    expect(read).toMatchObject({
      LayerVersionArn,
      Content: { CodeSize: expect.any(Number), CodeSha256: expect.any(String) },
    });
    expect(await isola.client.send(new GetLayerVersionByArnCommand({ Arn: LayerVersionArn }))).toMatchObject({
      Version: 2,
    });
    const versions = (await whole(paginateListLayerVersions(pages(), layer), ({ LayerVersions }) => LayerVersions)).map(
      (each) => each.Version,
    );
    expect(versions).toEqual([2, 1]);
    const layers = (await whole(paginateListLayers(pages(), {}), ({ Layers }) => Layers)).map((each) => each.LayerName);
    expect(layers).toEqual(['fonts']);

    const statement = { StatementId: 'all', Action: 'lambda:GetLayerVersion', Principal: '*' };
    await isola.client.send(new AddLayerVersionPermissionCommand({ ...second, ...statement }));
    const { Policy } = await isola.client.send(new GetLayerVersionPolicyCommand(second));
    expect(JSON.parse(Policy ?? '')).toMatchObject({ Statement: [{ Sid: 'all' }] });
    await isola.client.send(new RemoveLayerVersionPermissionCommand({ ...second, StatementId: 'all' }));
    await isola.client.send(new DeleteLayerVersionCommand(second));
    await expect(isola.client.send(new GetLayerVersionCommand(second))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('reserves and provisions concurrency', async () => {
    const name = await create('limited');
    await isola.client.send(new PutFunctionConcurrencyCommand({ ...name, ReservedConcurrentExecutions: 0 }));
    await expect(ask('limited')).rejects.toMatchObject({
      ...{ name: 'TooManyRequestsException', Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
      $metadata: { httpStatusCode: 429 },
    });
    expect(await isola.client.send(new GetFunctionConcurrencyCommand(name))).toMatchObject({
      ReservedConcurrentExecutions: 0,
    });
    await isola.client.send(new DeleteFunctionConcurrencyCommand(name));
    expect(await ask('limited')).toBe('limited');

    await isola.client.send(new PublishVersionCommand(name));
    const first = { ...name, Qualifier: '1' };
    await isola.client.send(
      new PutProvisionedConcurrencyConfigCommand({ ...first, ProvisionedConcurrentExecutions: 1 }),
    );
    expect(await isola.client.send(new GetProvisionedConcurrencyConfigCommand(first))).toMatchObject({
      RequestedProvisionedConcurrentExecutions: 1,
    });
    const found = (
      await whole(
        paginateListProvisionedConcurrencyConfigs(pages(), name),
        ({ ProvisionedConcurrencyConfigs }) => ProvisionedConcurrencyConfigs,
      )
    ).map((each) => each.FunctionArn);
    expect(found).toEqual(['arn:aws:lambda:us-east-1:000000000000:function:limited:1']);
    await isola.client.send(new DeleteProvisionedConcurrencyConfigCommand(first));
  });

  it('configures asynchronous invocation', async () => {
    const name = await create('asynchronous');
    await isola.client.send(new PutFunctionEventInvokeConfigCommand({ ...name, MaximumRetryAttempts: 1 }));
    await isola.client.send(new UpdateFunctionEventInvokeConfigCommand({ ...name, MaximumEventAgeInSeconds: 60 }));
    expect(await isola.client.send(new GetFunctionEventInvokeConfigCommand(name))).toMatchObject({
      ...{ MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 60, LastModified: expect.any(Date) },
      FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:asynchronous:$LATEST',
    });
    const found = await whole(
      paginateListFunctionEventInvokeConfigs(pages(), name),
      ({ FunctionEventInvokeConfigs }) => FunctionEventInvokeConfigs,
    );
    expect(found).toHaveLength(1);
    await isola.client.send(new DeleteFunctionEventInvokeConfigCommand(name));
    await expect(isola.client.send(new GetFunctionEventInvokeConfigCommand(name))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('maps event sources', async () => {
    const name = await create('mapped');
    const { UUID } = await isola.client.send(
      new CreateEventSourceMappingCommand({
        ...name,
        EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:orders',
        BatchSize: 5,
      }),
    );
    expect(await isola.client.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject({
      BatchSize: 5,
      LastModified: expect.any(Date),
    });
    await isola.client.send(new UpdateEventSourceMappingCommand({ UUID, BatchSize: 7 }));
    const sizes = (
      await whole(paginateListEventSourceMappings(pages(), name), ({ EventSourceMappings }) => EventSourceMappings)
    ).map((each) => each.BatchSize);
    expect(sizes).toEqual([7]);
    expect(await isola.client.send(new DeleteEventSourceMappingCommand({ UUID }))).toMatchObject({ State: 'Deleting' });
  });

  it('gives functions URLs', async () => {
    const name = await create('addressed');
    const { FunctionUrl } = await isola.client.send(new CreateFunctionUrlConfigCommand({ ...name, AuthType: 'NONE' }));
    await isola.client.send(
      new AddPermissionCommand({
        ...name,
        ...{ StatementId: 'public', Action: 'lambda:InvokeFunctionUrl', Principal: '*', FunctionUrlAuthType: 'NONE' },
      }),
    );
    expect((await isola.client.send(new GetFunctionUrlConfigCommand(name))).FunctionUrl).toBe(FunctionUrl);
    expect(await (await fetch(`${isola.running.publicUrl}/url/addressed/`)).text()).toBe('addressed');
    await isola.client.send(new UpdateFunctionUrlConfigCommand({ ...name, AuthType: 'AWS_IAM' }));
    expect((await fetch(`${isola.running.publicUrl}/url/addressed/`)).status).toBe(403);
    const urls = (
      await whole(paginateListFunctionUrlConfigs(pages(), name), ({ FunctionUrlConfigs }) => FunctionUrlConfigs)
    ).map((each) => each.FunctionUrl);
    expect(urls).toEqual([FunctionUrl]);
    await isola.client.send(new DeleteFunctionUrlConfigCommand(name));
  });

  it('tags functions, and says what they may', async () => {
    const name = await create('tagged');
    const Resource = 'arn:aws:lambda:us-east-1:000000000000:function:tagged';
    await isola.client.send(new TagResourceCommand({ Resource, Tags: { team: 'images', stage: 'test' } }));
    await isola.client.send(new UntagResourceCommand({ Resource, TagKeys: ['stage'] }));
    expect(await isola.client.send(new ListTagsCommand({ Resource }))).toMatchObject({ Tags: { team: 'images' } });
    const { AccountLimit, AccountUsage } = await isola.client.send(new GetAccountSettingsCommand({}));
    expect(AccountLimit).toMatchObject({
      ConcurrentExecutions: 1000,
      CodeSizeZipped: 52428800,
      CodeSizeUnzipped: 262144000,
    });
    expect(AccountUsage?.FunctionCount).toBeGreaterThan(0);
    expect(await isola.client.send(new GetFunctionCodeSigningConfigCommand(name))).toMatchObject(name);

    expect(await isola.client.send(new GetRuntimeManagementConfigCommand(name))).toMatchObject({
      UpdateRuntimeOn: 'Auto',
    });
    await isola.client.send(new PutRuntimeManagementConfigCommand({ ...name, UpdateRuntimeOn: 'FunctionUpdate' }));
    expect(await isola.client.send(new GetRuntimeManagementConfigCommand(name))).toMatchObject({
      UpdateRuntimeOn: 'FunctionUpdate',
    });
    expect(await isola.client.send(new GetFunctionRecursionConfigCommand(name))).toMatchObject({
      RecursiveLoop: 'Terminate',
    });
    await isola.client.send(new PutFunctionRecursionConfigCommand({ ...name, RecursiveLoop: 'Allow' }));
    expect(await isola.client.send(new GetFunctionRecursionConfigCommand(name))).toMatchObject({
      RecursiveLoop: 'Allow',
    });
  });

  it('has been driven whole', () => {
    expect([...sent].sort()).toEqual([...OPERATIONS].sort());
  });
});
