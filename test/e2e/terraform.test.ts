import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  DeleteFunctionUrlConfigCommand,
  type FunctionConfiguration,
  GetAliasCommand,
  GetFunctionCodeSigningConfigCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  GetFunctionUrlConfigCommand,
  GetPolicyCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answering } from '../support/answering-guest.ts';
import { ROLE, startTestIsola, type TestIsola } from '../support/isola.ts';
import { zip } from '../support/zip.ts';

const NAME = { FunctionName: 'shaped' };
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:shaped';

/** The calls of Terraform's AWS provider, in its order, and what it insists on in their answers. */
describe('an infrastructure tool', () => {
  let isola: TestIsola;
  beforeAll(async () => {
    isola = await startTestIsola();
  });
  afterAll(() => isola.stop());

  /** Asks again until `done`, as the provider polls. */
  async function poll(done: (configuration: FunctionConfiguration) => boolean): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      const { Configuration } = await isola.client.send(new GetFunctionCommand(NAME));
      if (Configuration && done(Configuration)) return;
    }
    throw new Error('The function did not get there in a hundred looks.');
  }

  const active = () => poll(({ State }) => State === 'Active');
  const updated = () => poll(({ LastUpdateStatus }) => LastUpdateStatus === 'Successful');

  /** What the provider reads at every refresh: each of these calls failing would fail the whole plan. */
  async function refresh() {
    const found = await isola.client.send(new GetFunctionCommand(NAME));
    expect(found.Code).toMatchObject({ RepositoryType: 'S3', Location: expect.stringMatching(/^http/) });
    const listed = await isola.client.send(new ListVersionsByFunctionCommand({ ...NAME, MaxItems: 10_000 }));
    expect(listed.NextMarker).toBeUndefined();
    const signing = await isola.client.send(new GetFunctionCodeSigningConfigCommand(NAME));
    expect(signing.$metadata.httpStatusCode).toBe(200);
    expect(signing.CodeSigningConfigArn ?? '').toBe('');
    return { ...found, last: listed.Versions?.at(-1) };
  }

  it('applies a function, and refreshes it without a difference', async () => {
    await isola.client.send(
      new CreateFunctionCommand({
        ...{ ...NAME, Role: ROLE, Handler: 'index.handler', Runtime: 'provided.al2023', Architectures: ['arm64'] },
        ...{ Timeout: 10, MemorySize: 256, PackageType: 'Zip', Publish: true, Tags: { team: 'images' } },
        ...{ TracingConfig: { Mode: 'PassThrough' }, EphemeralStorage: { Size: 1024 } },
        Environment: { Variables: { STAGE: 'test' } },
        Code: { ZipFile: await zip({ 'index.wasm': answering('1') }) },
      }),
    );
    await active();
    await isola.client.send(new PutFunctionConcurrencyCommand({ ...NAME, ReservedConcurrentExecutions: 10 }));
    const first = await refresh();
    expect(first).toMatchObject({
      Concurrency: { ReservedConcurrentExecutions: 10 },
      Tags: { team: 'images' },
      last: { Version: '1', FunctionArn: `${ARN}:1` },
      Configuration: {
        ...{ ...NAME, Handler: 'index.handler', Runtime: 'provided.al2023', Architectures: ['arm64'], Role: ROLE },
        ...{ Timeout: 10, MemorySize: 256, PackageType: 'Zip', Version: '$LATEST', FunctionArn: ARN },
        ...{ TracingConfig: { Mode: 'PassThrough' }, EphemeralStorage: { Size: 1024 } },
        Environment: { Variables: { STAGE: 'test' } },
        LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/shaped' },
      },
    });
    const second = await refresh();
    expect(second.Configuration).toEqual(first.Configuration);
  });

  it('applies an alias, a permission and a URL, and refreshes them', async () => {
    const alias = { ...NAME, Name: 'live' };
    await isola.client.send(new CreateAliasCommand({ ...alias, FunctionVersion: '1', Description: '' }));
    expect(await isola.client.send(new GetAliasCommand(alias))).toMatchObject({
      AliasArn: `${ARN}:live`,
      FunctionVersion: '1',
    });

    const qualified = { ...NAME, Qualifier: 'live' };
    await isola.client.send(
      new AddPermissionCommand({
        ...qualified,
        ...{ StatementId: 'events', Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com' },
        SourceArn: 'arn:aws:events:us-east-1:000000000000:rule/nightly',
      }),
    );
    const { Policy } = await isola.client.send(new GetPolicyCommand(qualified));
    expect(JSON.parse(Policy ?? '').Statement).toEqual([
      {
        ...{ Sid: 'events', Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' } },
        ...{ Action: 'lambda:InvokeFunction', Resource: `${ARN}:live` },
        Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:events:us-east-1:000000000000:rule/nightly' } },
      },
    ]);

    const created = await isola.client.send(new CreateFunctionUrlConfigCommand({ ...qualified, AuthType: 'AWS_IAM' }));
    const read = await isola.client.send(new GetFunctionUrlConfigCommand(qualified));
    expect(read).toMatchObject({ FunctionUrl: created.FunctionUrl, AuthType: 'AWS_IAM', InvokeMode: 'BUFFERED' });
  });

  it('changes settings, code and tags, publishes, and reads what was published', async () => {
    await isola.client.send(
      new UpdateFunctionConfigurationCommand({ ...NAME, MemorySize: 512, DeadLetterConfig: { TargetArn: '' } }),
    );
    await updated();
    const ZipFile = await zip({ 'index.wasm': answering('2') });
    await isola.client.send(new UpdateFunctionCodeCommand({ ...NAME, ZipFile, Architectures: ['arm64'] }));
    await updated();
    const { Version } = await isola.client.send(new PublishVersionCommand(NAME));
    expect(Version).toBe('2');
    const latest = await isola.client.send(new GetFunctionConfigurationCommand({ ...NAME, Qualifier: '2' }));
    expect(latest).toMatchObject({ Version: '2', MemorySize: 512, FunctionArn: `${ARN}:2` });
    expect(latest.DeadLetterConfig).toBeUndefined();
    await isola.client.send(new TagResourceCommand({ Resource: ARN, Tags: { stage: 'test' } }));
    await isola.client.send(new UntagResourceCommand({ Resource: ARN, TagKeys: ['team'] }));
    expect(await refresh()).toMatchObject({ Tags: { stage: 'test' }, last: { Version: '2' } });
  });

  it('destroys everything, and sees that it is gone', async () => {
    const qualified = { ...NAME, Qualifier: 'live' };
    await isola.client.send(new DeleteFunctionUrlConfigCommand(qualified));
    await isola.client.send(new RemovePermissionCommand({ ...qualified, StatementId: 'events' }));
    await isola.client.send(new DeleteAliasCommand({ ...NAME, Name: 'live' }));
    await isola.client.send(new DeleteFunctionCommand(NAME));
    for (const gone of [
      new GetFunctionCommand(NAME),
      new GetAliasCommand({ ...NAME, Name: 'live' }),
      new GetPolicyCommand(qualified),
      new GetFunctionUrlConfigCommand(qualified),
      new GetFunctionCodeSigningConfigCommand(NAME),
    ]) {
      await expect(isola.client.send(gone as GetFunctionCommand)).rejects.toMatchObject({
        ...{ name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } },
      });
    }
  });
});
