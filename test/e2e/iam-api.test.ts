import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { type QueryAnswer, query, readKey } from '../support/query-client.ts';

const BASIC = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
const OWN = 'arn:aws:iam::000000000000:policy/own';
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const ALLOW = JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } });

describe('IAM', () => {
  let isola: TestIsola;
  const iam = (action: string, parameters: Record<string, string> = {}): Promise<QueryAnswer> =>
    query(isola.url, readKey(isola.running.credentialsFile), 'iam', action, parameters);
  const ok = async (action: string, parameters: Record<string, string> = {}): Promise<QueryAnswer> => {
    const answer = await iam(action, parameters);
    expect(answer.xml).toContain(`<${action}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/">`);
    expect(answer.text('RequestId')).toMatch(/^[0-9a-f-]{36}$/);
    return answer;
  };
  const refused = async (
    [status, code, message]: readonly [number, string, string],
    action: string,
    parameters: Record<string, string> = {},
  ): Promise<void> => {
    const answer = await iam(action, parameters);
    expect([answer.status, answer.text('Code'), answer.text('Message')]).toEqual([status, code, message]);
  };
  beforeAll(async () => {
    isola = await startTestIsola();
  });
  afterAll(() => isola.stop());

  it('keeps roles with their policies, and lets them go when those are gone', async () => {
    const role = { RoleName: 'worker' };
    const created = await ok('CreateRole', {
      ...{ ...role, Path: '/team/', AssumeRolePolicyDocument: TRUST, Description: 'works & rests' },
      ...{ 'Tags.member.1.Key': 'a', 'Tags.member.1.Value': '<1>' },
    });
    expect(created.text('Arn')).toBe('arn:aws:iam::000000000000:role/team/worker');
    expect(created.text('RoleId')).toMatch(/^AROA[A-Z2-7]{17}$/);
    expect(created.text('Description')).toBe('works &amp; rests');
    expect(created.text('Value')).toBe('&lt;1&gt;');
    const got = await ok('GetRole', role);
    expect(decodeURIComponent(got.text('AssumeRolePolicyDocument') ?? '')).toBe(TRUST);
    await refused([409, 'EntityAlreadyExists', 'Role with name Worker already exists.'], 'CreateRole', {
      ...{ RoleName: 'Worker', AssumeRolePolicyDocument: TRUST },
    });

    await ok('PutRolePolicy', { ...role, PolicyName: 'inline', PolicyDocument: ALLOW });
    expect((await ok('ListRolePolicies', role)).texts('member')).toEqual(['inline']);
    const inline = await ok('GetRolePolicy', { ...role, PolicyName: 'inline' });
    expect(decodeURIComponent(inline.text('PolicyDocument') ?? '')).toBe(ALLOW);
    await ok('AttachRolePolicy', { ...role, PolicyArn: BASIC });
    expect((await ok('ListAttachedRolePolicies', role)).texts('PolicyArn')).toEqual([BASIC]);

    const conflict = 'Cannot delete entity, must detach all policies first.';
    await refused([409, 'DeleteConflict', conflict], 'DeleteRole', role);
    await ok('DetachRolePolicy', { ...role, PolicyArn: BASIC });
    const another = 'Cannot delete entity, must delete policies first.';
    await refused([409, 'DeleteConflict', another], 'DeleteRole', role);
    await ok('DeleteRolePolicy', { ...role, PolicyName: 'inline' });
    expect((await ok('ListInstanceProfilesForRole', role)).text('IsTruncated')).toBe('false');
    await ok('DeleteRole', role);
    await refused([404, 'NoSuchEntity', 'The role with name worker cannot be found.'], 'GetRole', role);
  });

  it('keeps managed policies, which cannot go while somebody has them', async () => {
    const created = await ok('CreatePolicy', { PolicyName: 'own', PolicyDocument: ALLOW });
    expect([created.text('Arn'), created.text('AttachmentCount')]).toEqual([OWN, '0']);
    await ok('CreateRole', { RoleName: 'holder', AssumeRolePolicyDocument: TRUST });
    await ok('AttachRolePolicy', { RoleName: 'holder', PolicyArn: OWN });
    expect((await ok('GetPolicy', { PolicyArn: OWN })).text('AttachmentCount')).toBe('1');
    const attached = 'Cannot delete a policy attached to entities.';
    await refused([409, 'DeleteConflict', attached], 'DeletePolicy', { PolicyArn: OWN });

    await ok('CreatePolicyVersion', { PolicyArn: OWN, PolicyDocument: ALLOW, SetAsDefault: 'true' });
    const versions = await ok('ListPolicyVersions', { PolicyArn: OWN });
    expect([versions.texts('VersionId'), versions.texts('IsDefaultVersion')]).toEqual([
      ['v2', 'v1'],
      ['true', 'false'],
    ]);
    const second = await ok('GetPolicyVersion', { PolicyArn: OWN, VersionId: 'v2' });
    expect(decodeURIComponent(second.text('Document') ?? '')).toBe(ALLOW);
    await ok('DeletePolicyVersion', { PolicyArn: OWN, VersionId: 'v1' });
    expect((await ok('ListEntitiesForPolicy', { PolicyArn: OWN })).texts('RoleName')).toEqual(['holder']);
    await ok('DetachRolePolicy', { RoleName: 'holder', PolicyArn: OWN });
    await ok('DeletePolicy', { PolicyArn: OWN });
    await refused([404, 'NoSuchEntity', `Policy ${OWN} was not found.`], 'GetPolicy', { PolicyArn: OWN });
    const absent = `Policy ${OWN} does not exist or is not attachable.`;
    await refused([404, 'NoSuchEntity', absent], 'AttachRolePolicy', { RoleName: 'holder', PolicyArn: OWN });
  });

  it('keeps users with two access keys at most, whose secrets it tells once', async () => {
    const user = { UserName: 'bob' };
    expect((await ok('CreateUser', user)).text('Arn')).toBe('arn:aws:iam::000000000000:user/bob');
    const first = await ok('CreateAccessKey', user);
    expect(first.text('AccessKeyId')).toMatch(/^AKIA[A-Z2-7]{16}$/);
    expect(first.text('SecretAccessKey')).toHaveLength(40);
    await ok('CreateAccessKey', user);
    const most = 'Cannot exceed quota for AccessKeysPerUser: 2';
    await refused([409, 'LimitExceeded', most], 'CreateAccessKey', user);
    const listed = await ok('ListAccessKeys', user);
    expect([listed.texts('Status'), listed.text('SecretAccessKey')]).toEqual([['Active', 'Active'], undefined]);
    const busy = 'Cannot delete entity, must delete access keys first.';
    await refused([409, 'DeleteConflict', busy], 'DeleteUser', user);
    for (const AccessKeyId of listed.texts('AccessKeyId')) await ok('DeleteAccessKey', { ...user, AccessKeyId });
    await ok('DeleteUser', user);
    await refused([404, 'NoSuchEntity', 'The user with name bob cannot be found.'], 'GetUser', user);
  });

  it('keeps tags of roles, users and policies', async () => {
    await ok('CreateRole', { RoleName: 'tagged', AssumeRolePolicyDocument: TRUST });
    await ok('CreateUser', { UserName: 'tagged' });
    const PolicyArn = 'arn:aws:iam::000000000000:policy/tagged';
    await ok('CreatePolicy', { PolicyName: 'tagged', PolicyDocument: ALLOW });
    const named = { Role: { RoleName: 'tagged' }, User: { UserName: 'tagged' }, Policy: { PolicyArn } };
    for (const [kind, name] of Object.entries(named) as [string, Record<string, string>][]) {
      const tags = { 'Tags.member.1.Key': 'a', 'Tags.member.1.Value': '1', 'Tags.member.2.Key': 'b' };
      await ok(`Tag${kind}`, { ...name, ...tags });
      expect((await ok(`List${kind}Tags`, name)).texts('Key')).toEqual(['a', 'b']);
      await ok(`Untag${kind}`, { ...name, 'TagKeys.member.1': 'a' });
      expect((await ok(`List${kind}Tags`, name)).texts('Key')).toEqual(['b']);
    }
  });

  it('gives lists in pages', async () => {
    for (const name of ['p1', 'p2', 'p3']) await ok('CreateUser', { UserName: name, Path: '/pages/' });
    const names: string[] = [];
    let page = await ok('ListUsers', { PathPrefix: '/pages/', MaxItems: '2' });
    names.push(...page.texts('UserName'));
    expect(page.text('IsTruncated')).toBe('true');
    page = await ok('ListUsers', { PathPrefix: '/pages/', MaxItems: '2', Marker: page.text('Marker') ?? '' });
    names.push(...page.texts('UserName'));
    expect([names, page.text('IsTruncated'), page.text('Marker')]).toEqual([['p1', 'p2', 'p3'], 'false', undefined]);
  });

  it('refuses what is no policy and what is no name, in its own words', async () => {
    const role = { RoleName: 'r', AssumeRolePolicyDocument: TRUST };
    await refused([400, 'MalformedPolicyDocument', 'This policy contains invalid Json'], 'CreateRole', {
      ...{ ...role, AssumeRolePolicyDocument: '{' },
    });
    await refused([400, 'MalformedPolicyDocument', 'Missing required field Principal'], 'CreateRole', {
      ...{ ...role, AssumeRolePolicyDocument: ALLOW.replace(',"Resource":"*"', '') },
    });
    const wrong = await iam('CreateRole', { RoleName: 'a b' });
    expect([wrong.status, wrong.text('Code')]).toEqual([400, 'ValidationError']);
    expect(wrong.text('Message')).toMatch(/^2 validation errors detected: Value 'a b' at 'roleName' .* Value null at /);
    await refused([400, 'InvalidAction', 'Could not find operation Fly for version 2010-05-08'], 'Fly');
  });

  it('has a role from the start, which can be changed but does not go', async () => {
    const role = { RoleName: 'isola' };
    expect((await ok('ListAttachedRolePolicies', role)).texts('PolicyArn')).toEqual([BASIC]);
    await ok('PutRolePolicy', { ...role, PolicyName: 'more', PolicyDocument: ALLOW });
    await ok('DeleteRolePolicy', { ...role, PolicyName: 'more' });
    const builtIn = 'The role isola is built in and cannot be deleted.';
    await refused([400, 'UnmodifiableEntity', builtIn], 'DeleteRole', role);
  });

  it('keeps everything over a restart', async () => {
    await ok('CreateRole', { RoleName: 'lasting', AssumeRolePolicyDocument: TRUST });
    await ok('PutRolePolicy', { RoleName: 'lasting', PolicyName: 'p', PolicyDocument: ALLOW });
    await isola.running.stop();
    const again = await startTestIsola({ ISOLA_DATA_DIR: isola.dataDir });
    const key = readKey(again.running.credentialsFile);
    const got = await query(again.url, key, 'iam', 'GetRolePolicy', { RoleName: 'lasting', PolicyName: 'p' });
    await again.stop();
    isola = await startTestIsola();
    expect(decodeURIComponent(got.text('PolicyDocument') ?? '')).toBe(ALLOW);
  });
});

describe('STS', () => {
  it('tells callers who they are', async () => {
    const isola = await startTestIsola();
    const key = readKey(isola.running.credentialsFile);
    const root = await query(isola.url, key, 'sts', 'GetCallerIdentity');
    const another = await query(isola.url, { ...key, secretAccessKey: 'wrong' }, 'sts', 'GetCallerIdentity');
    const unknown = await query(isola.url, { ...key, accessKeyId: 'AKIANOBODY' }, 'sts', 'GetCallerIdentity');
    await isola.stop();
    expect([root.text('Arn'), root.text('Account')]).toEqual(['arn:aws:iam::000000000000:root', '000000000000']);
    expect([another.status, another.text('Code')]).toEqual([403, 'SignatureDoesNotMatch']);
    expect([unknown.status, unknown.text('Code')]).toEqual([403, 'InvalidClientTokenId']);
  });
});
