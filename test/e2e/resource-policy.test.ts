import {
  AddPermissionCommand,
  CreateFunctionUrlConfigCommand,
  DeleteResourcePolicyCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answering } from '../support/answering-guest.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';

const ResourceArn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const ANYONE = { Effect: 'Allow', Principal: '*', Action: 'lambda:InvokeFunctionUrl', Resource: ResourceArn };
const from = (range: string) => ({ Condition: { IpAddress: { 'aws:SourceIp': range } } });

describe('the policy of a function as a whole, by the SDK', () => {
  let isola: TestIsola;
  beforeAll(async () => {
    isola = await startTestIsola();
    await isola.create('f', answering('"in"'));
    await isola.client.send(new CreateFunctionUrlConfigCommand({ FunctionName: 'f', AuthType: 'NONE' }));
  });
  afterAll(() => isola.stop());

  const put = (statement: unknown, RevisionId?: string) =>
    isola.client.send(
      new PutResourcePolicyCommand({
        ResourceArn,
        Policy: JSON.stringify({ Version: '2012-10-17', Statement: statement }),
        ...(RevisionId === undefined ? {} : { RevisionId }),
      }),
    );
  const visit = async () => (await fetch(`${isola.url}/url/f/`)).status;

  it('is the one that AddPermission adds to, under the same revision', async () => {
    const { Policy = '', RevisionId = '' } = await put({ Sid: 'a', ...ANYONE });
    expect(JSON.parse(Policy)).toEqual({ Version: '2012-10-17', Statement: [{ Sid: 'a', ...ANYONE }] });
    const configuration = await isola.client.send(new GetFunctionConfigurationCommand({ FunctionName: 'f' }));
    expect(configuration.RevisionId).toBe(RevisionId);
    await isola.client.send(
      new AddPermissionCommand({
        ...{ FunctionName: 'f', StatementId: 'b', Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com' },
        RevisionId,
      }),
    );
    const whole = await isola.client.send(new GetResourcePolicyCommand({ ResourceArn }));
    const known = await isola.client.send(new GetPolicyCommand({ FunctionName: 'f' }));
    expect({ Policy: whole.Policy, RevisionId: whole.RevisionId }).toEqual({
      Policy: known.Policy,
      RevisionId: known.RevisionId,
    });
    expect(JSON.parse(whole.Policy ?? '').Statement.map(({ Sid }: { Sid: string }) => Sid)).toEqual(['a', 'b']);
    await expect(put(ANYONE, RevisionId)).rejects.toMatchObject({ name: 'PreconditionFailedException' });
    await put(ANYONE, whole.RevisionId ?? '');
  });

  it.each<[string, unknown, number]>([
    ['everyone', ANYONE, 200],
    ['nobody', { ...ANYONE, Effect: 'Deny' }, 403],
    ['everyone but some', [ANYONE, { ...ANYONE, Effect: 'Deny', Action: '*' }], 403],
    ['who comes from here', { ...ANYONE, ...from('127.0.0.0/8') }, 200],
    ['who comes from elsewhere', { ...ANYONE, ...from('10.0.0.0/8') }, 403],
    ['everyone but from here', [ANYONE, { ...ANYONE, Effect: 'Deny', ...from('127.0.0.0/8') }], 403],
    ['everyone but from elsewhere', [ANYONE, { ...ANYONE, Effect: 'Deny', ...from('10.0.0.0/8') }], 200],
    ['who signs', { ...ANYONE, Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } } }, 403],
  ])('lets in to a URL %s', async (_whom, statement, status) => {
    await put(statement);
    expect(await visit()).toBe(status);
  });

  it('goes as a whole', async () => {
    const { RevisionId = '' } = await put(ANYONE);
    const remove = (revision: string) =>
      isola.client.send(new DeleteResourcePolicyCommand({ ResourceArn, RevisionId: revision }));
    await expect(remove('another')).rejects.toMatchObject({ name: 'PreconditionFailedException' });
    expect((await remove(RevisionId)).$metadata.httpStatusCode).toBe(204);
    expect(await visit()).toBe(403);
    const gone = { name: 'ResourceNotFoundException', message: 'The resource you requested does not exist.' };
    await expect(isola.client.send(new DeleteResourcePolicyCommand({ ResourceArn }))).rejects.toMatchObject(gone);
    await expect(isola.client.send(new GetResourcePolicyCommand({ ResourceArn }))).rejects.toMatchObject(gone);
  });

  it.each<[string, string, string]>([
    [ResourceArn, 'no JSON', 'InvalidParameterValueException'],
    [ResourceArn, '{"Statement":[]}', 'InvalidParameterValueException'],
    [ResourceArn, JSON.stringify({ Statement: { ...ANYONE, Effect: 'Maybe' } }), 'InvalidParameterValueException'],
    [
      ResourceArn,
      JSON.stringify({ Statement: { ...ANYONE, Resource: `${ResourceArn}${'x'.repeat(20_480)}` } }),
      'PolicyLengthExceededException',
    ],
    [`${ResourceArn}:$LATEST`, JSON.stringify({ Statement: ANYONE }), 'InvalidParameterValueException'],
    [`${ResourceArn}:live`, JSON.stringify({ Statement: ANYONE }), 'ResourceNotFoundException'],
    [`${ResourceArn}x`, JSON.stringify({ Statement: ANYONE }), 'ResourceNotFoundException'],
    ['f', JSON.stringify({ Statement: ANYONE }), 'ValidationException'],
  ])('of %s is refused when it is %s, as %s', async (arn, Policy, name) => {
    const refused = isola.client.send(new PutResourcePolicyCommand({ ResourceArn: arn, Policy }));
    await expect(refused).rejects.toMatchObject({ name });
  });
});
