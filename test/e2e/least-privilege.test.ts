import {
  AddPermissionCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  LambdaClient,
  ListFunctionsCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sign } from '../gateway/fixture.ts';
import { answering } from '../support/answering-guest.ts';
import { exchange } from '../support/exchange.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { type AccessKey, type QueryAnswer, query, readKey } from '../support/query-client.ts';

const ALICE = 'arn:aws:iam::000000000000:user/alice';
const F = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const DEFAULT_ROLE = 'arn:aws:iam::000000000000:role/isola';
const OTHER_ROLE = 'arn:aws:iam::000000000000:role/other';

interface Statement {
  readonly Effect?: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string;
  readonly Condition?: unknown;
}

describe('a user', () => {
  let isola: TestIsola;
  let alice: AccessKey;
  let lambda: LambdaClient;

  const iam = async (action: string, parameters: Record<string, string>): Promise<QueryAnswer> => {
    const answer = await query(isola.url, readKey(isola.running.credentialsFile), 'iam', action, parameters);
    expect(answer.status).toBe(200);
    return answer;
  };
  const may = (...statements: readonly Statement[]) =>
    iam('PutUserPolicy', {
      ...{ UserName: 'alice', PolicyName: 'p' },
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
      }),
    });
  const mayNot = (
    action: string,
    resource: string,
    why = `because no identity-based policy allows the ${action} action`,
  ) => ({
    name: 'AccessDeniedException',
    message: `User: ${ALICE} is not authorized to perform: ${action} on resource: ${resource} ${why}`,
    $metadata: { httpStatusCode: 403 },
  });
  const clientOf = (key: AccessKey, region = 'us-east-1') =>
    new LambdaClient({ endpoint: isola.url, region, maxAttempts: 1, credentials: key });
  const invoke = (FunctionName: string, Qualifier?: string) =>
    lambda.send(new InvokeCommand({ FunctionName, Qualifier }));

  beforeAll(async () => {
    isola = await startTestIsola();
    await isola.create('f', answering('"f"'), { Role: DEFAULT_ROLE, Publish: true });
    await isola.create('g', answering('"g"'), { Role: DEFAULT_ROLE });
    await iam('CreateUser', { UserName: 'alice' });
    const key = await iam('CreateAccessKey', { UserName: 'alice' });
    alice = { accessKeyId: key.text('AccessKeyId') ?? '', secretAccessKey: key.text('SecretAccessKey') ?? '' };
    lambda = clientOf(alice);
  });
  afterAll(async () => {
    lambda.destroy();
    await isola.stop();
  });

  it('may do nothing without a policy, but learn who they are', async () => {
    await expect(invoke('f')).rejects.toMatchObject(mayNot('lambda:InvokeFunction', F));
    const stream = lambda.send(new InvokeWithResponseStreamCommand({ FunctionName: 'f' }));
    await expect(stream).rejects.toMatchObject(mayNot('lambda:InvokeFunction', F));
    await expect(lambda.send(new ListFunctionsCommand({}))).rejects.toMatchObject(mayNot('lambda:ListFunctions', '*'));
    const remove = lambda.send(new DeleteFunctionCommand({ FunctionName: 'f' }));
    await expect(remove).rejects.toMatchObject(mayNot('lambda:DeleteFunction', F));
    const roles = await query(isola.url, alice, 'iam', 'ListRoles');
    expect([roles.status, roles.text('Code')]).toEqual([403, 'AccessDenied']);
    const who = await query(isola.url, alice, 'sts', 'GetCallerIdentity');
    expect(who.text('Arn')).toBe(ALICE);
  });

  it('may do what a policy allows, on what it allows, from the next call on', async () => {
    await may({ Action: ['lambda:InvokeFunction', 'lambda:GetFunctionConfiguration'], Resource: F });
    expect((await invoke('f')).StatusCode).toBe(200);
    await expect(invoke('g')).rejects.toMatchObject(mayNot('lambda:InvokeFunction', F.replace(/f$/, 'g')));
    await expect(invoke('f', '1')).rejects.toMatchObject(mayNot('lambda:InvokeFunction', `${F}:1`));
    const got = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: F }));
    expect(got.FunctionName).toBe('f');
    await iam('DeleteUserPolicy', { UserName: 'alice', PolicyName: 'p' });
    await expect(invoke('f')).rejects.toMatchObject(mayNot('lambda:InvokeFunction', F));
  });

  it('may not do what a policy denies, whatever else allows it', async () => {
    await may({ Action: 'lambda:*', Resource: '*' }, { Effect: 'Deny', Action: 'lambda:Invoke*', Resource: `${F}*` });
    const why = 'with an explicit deny in an identity-based policy';
    await expect(invoke('f')).rejects.toMatchObject(mayNot('lambda:InvokeFunction', F, why));
    expect((await invoke('g')).StatusCode).toBe(200);
  });

  it('may hand over only roles that a policy lets them pass, and only such as trust Lambda', async () => {
    await may(
      { Action: 'lambda:*', Resource: '*' },
      {
        ...{ Action: 'iam:PassRole', Resource: DEFAULT_ROLE },
        Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
      },
    );
    const create = (FunctionName: string, Role: string) =>
      lambda.send(
        new CreateFunctionCommand({
          ...{ FunctionName, Role, Runtime: 'provided.al2023', Handler: 'index.handler' },
          Code: { ZipFile: answering('1') },
        }),
      );
    expect((await create('passed', DEFAULT_ROLE)).Role).toBe(DEFAULT_ROLE);
    await expect(create('unpassed', OTHER_ROLE)).rejects.toMatchObject(mayNot('iam:PassRole', OTHER_ROLE));
    const update = { FunctionName: 'g', Role: OTHER_ROLE };
    await expect(lambda.send(new UpdateFunctionConfigurationCommand(update))).rejects.toMatchObject(
      mayNot('iam:PassRole', OTHER_ROLE),
    );
    const trust = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };
    await iam('CreateRole', {
      RoleName: 'for-machines',
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
    });
    const role = 'arn:aws:iam::000000000000:role/for-machines';
    await expect(isola.create('untrusted', answering('1'), { Role: role })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: 'The role defined for the function cannot be assumed by Lambda.',
    });
  });

  it('may invoke what the policy of the function lets them', async () => {
    await may({ Action: 's3:*', Resource: '*' });
    await expect(invoke('g')).rejects.toMatchObject(mayNot('lambda:InvokeFunction', F.replace(/f$/, 'g')));
    const grant = { FunctionName: 'g', StatementId: 'alice', Action: 'lambda:InvokeFunction', Principal: ALICE };
    await isola.client.send(new AddPermissionCommand(grant));
    expect((await invoke('g')).StatusCode).toBe(200);
  });

  it('may visit a URL of AuthType AWS_IAM when a policy allows it', async () => {
    const config = { FunctionName: 'f', AuthType: 'AWS_IAM' } as const;
    await isola.client.send(new CreateFunctionUrlConfigCommand(config));
    const visit = async (): Promise<number> => {
      const path = '/url/f/';
      const headers = await sign({ method: 'GET', path, key: alice, host: new URL(isola.url).host });
      return (await exchange(isola.url, { method: 'GET', path, headers })).status;
    };
    await may({ Action: 'lambda:InvokeFunction', Resource: F });
    expect(await visit()).toBe(403);
    await may({ Action: 'lambda:InvokeFunctionUrl', Resource: F });
    expect(await visit()).toBe(200);
  });

  it('may open functions only to those, and as far, as a policy says', async () => {
    await may({
      ...{ Action: ['lambda:AddPermission', 'lambda:CreateFunctionUrlConfig'], Resource: '*' },
      Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
    });
    const url = (AuthType: 'NONE' | 'AWS_IAM') =>
      lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName: 'g', AuthType }));
    await expect(url('NONE')).rejects.toMatchObject(mayNot('lambda:CreateFunctionUrlConfig', F.replace(/f$/, 'g')));
    expect((await url('AWS_IAM')).$metadata.httpStatusCode).toBe(201);
    const grant = (StatementId: string, Principal: string, FunctionUrlAuthType: 'NONE' | 'AWS_IAM') =>
      lambda.send(
        new AddPermissionCommand({
          ...{ FunctionName: 'g', Action: 'lambda:InvokeFunctionUrl', StatementId, Principal, FunctionUrlAuthType },
        }),
      );
    await expect(grant('a', '*', 'NONE')).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect((await grant('a', '*', 'AWS_IAM')).$metadata.httpStatusCode).toBe(201);
    await may({
      ...{ Action: 'lambda:AddPermission', Resource: '*' },
      Condition: { StringEquals: { 'lambda:Principal': 's3.amazonaws.com' } },
    });
    await expect(grant('b', '*', 'AWS_IAM')).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect((await grant('b', 's3.amazonaws.com', 'AWS_IAM')).$metadata.httpStatusCode).toBe(201);
  });

  it('may map sources only to functions that a policy names, in either direction', async () => {
    const EventSourceArn = 'arn:aws:sqs:us-east-1:000000000000:orders';
    await may({
      ...{ Action: 'lambda:*EventSourceMapping', Resource: '*' },
      Condition: { ArnLike: { 'lambda:FunctionArn': F } },
    });
    const denied = { name: 'AccessDeniedException' };
    const create = (FunctionName: string) =>
      lambda.send(new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn }));
    await expect(create('g')).rejects.toMatchObject(denied);
    const { UUID } = await create('f');
    const move = new UpdateEventSourceMappingCommand({ UUID, FunctionName: 'g' });
    await expect(lambda.send(move)).rejects.toMatchObject(denied);
    expect((await isola.client.send(move)).FunctionArn).toBe(F.replace(/f$/, 'g'));
    const remove = new DeleteEventSourceMappingCommand({ UUID });
    await expect(lambda.send(remove)).rejects.toMatchObject(denied);
    await expect(lambda.send(new UpdateEventSourceMappingCommand({ UUID, FunctionName: 'f' }))).rejects.toMatchObject(
      denied,
    );
    await isola.client.send(remove);
  });

  it('sees nothing of another region', async () => {
    await may({ Action: 'lambda:*', Resource: '*' });
    const elsewhere = clientOf(alice, 'eu-west-1');
    expect((await elsewhere.send(new ListFunctionsCommand({}))).Functions).toEqual([]);
    await expect(elsewhere.send(new InvokeCommand({ FunctionName: 'f' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await may({
      Action: 'lambda:*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } },
    });
    const listing = elsewhere.send(new ListFunctionsCommand({}));
    await expect(listing).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect((await lambda.send(new ListFunctionsCommand({}))).Functions?.length).toBeGreaterThan(0);
    elsewhere.destroy();
  });

  it('is nobody as soon as the key is inactive or gone', async () => {
    await may({ Action: 'lambda:*', Resource: '*' });
    const key = { UserName: 'alice', AccessKeyId: alice.accessKeyId };
    const nobody = { name: 'UnrecognizedClientException', $metadata: { httpStatusCode: 403 } };
    await iam('UpdateAccessKey', { ...key, Status: 'Inactive' });
    await expect(invoke('f')).rejects.toMatchObject(nobody);
    await iam('UpdateAccessKey', { ...key, Status: 'Active' });
    expect((await invoke('f')).StatusCode).toBe(200);
    await iam('DeleteAccessKey', key);
    await expect(invoke('f')).rejects.toMatchObject(nobody);
  });
});
