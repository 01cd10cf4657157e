import { createHash } from 'node:crypto';
import type { Grant } from './grant.ts';
import { ApiError, type LambdaClient } from './lambda-client.ts';

/** The role that functions have who ask for nothing. */
export function toDefaultRole(accountId: string): string {
  return `arn:aws:iam::${accountId}:role/isola`;
}

/** The role of a function that asks for something; its own, so that what it may do no other may. */
export function toOwnRole(accountId: string, functionName: string): string {
  return `arn:aws:iam::${accountId}:role/${toRoleName(functionName)}`;
}

/** True for the ARN of the function's own role. */
export function isOwnRole(arn: string, functionName: string): boolean {
  return arn.endsWith(`:role/${toRoleName(functionName)}`);
}

/** Makes a function's own role, if it is not there, and lets it do this and nothing else but write its log. */
export async function ensureOwnRole(
  client: LambdaClient,
  functionName: string,
  grants: readonly Grant[],
): Promise<void> {
  const RoleName = toRoleName(functionName);
  const AssumeRolePolicyDocument = toPolicy([TRUST_IN_LAMBDA]);
  await iam(client, 'CreateRole', { RoleName, AssumeRolePolicyDocument }).catch(unless(409));
  const allowed = grants.map(({ action, resource }) => ({ Effect: 'Allow', Action: action, Resource: resource }));
  const PolicyDocument = toPolicy([WRITE_LOG, ...allowed]);
  await iam(client, 'PutRolePolicy', { RoleName, PolicyName: POLICY, PolicyDocument });
}

export async function removeOwnRole(client: LambdaClient, functionName: string): Promise<void> {
  const RoleName = toRoleName(functionName);
  await iam(client, 'DeleteRolePolicy', { RoleName, PolicyName: POLICY }).catch(unless(404));
  await iam(client, 'DeleteRole', { RoleName }).catch(unless(404));
}

const POLICY = 'isola.json';
const TRUST_IN_LAMBDA = {
  Effect: 'Allow',
  Principal: { Service: 'lambda.amazonaws.com' },
  Action: 'sts:AssumeRole',
};
const WRITE_LOG = {
  Effect: 'Allow',
  Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: '*',
};
const ROLE_NAME_LENGTH = 64;

function toRoleName(functionName: string): string {
  const name = `isola-${functionName}`;
  if (name.length <= ROLE_NAME_LENGTH) return name;
  return `isola-${createHash('sha256').update(functionName).digest('hex').slice(0, 32)}`;
}

function toPolicy(statements: readonly unknown[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

async function iam(client: LambdaClient, action: string, parameters: Readonly<Record<string, string>>): Promise<void> {
  await client.call({
    ...{ service: 'iam', method: 'POST', path: '/' },
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams({ Action: action, Version: '2010-05-08', ...parameters }).toString(),
  });
}

function unless(status: number): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof ApiError && error.status === status)) throw error;
  };
}
