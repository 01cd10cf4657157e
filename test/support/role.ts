import { query, readKey } from './query-client.ts';

/** Makes a role that may do what `statements` say, for Lambda or whatever service is named; answers its ARN. */
export async function createRole(
  { url, credentialsFile }: { readonly url: string; readonly credentialsFile: string },
  RoleName: string,
  statements: readonly unknown[],
  Service: string = 'lambda.amazonaws.com',
): Promise<string> {
  const key = readKey(credentialsFile);
  const toPolicy = (Statement: readonly unknown[]) => JSON.stringify({ Version: '2012-10-17', Statement });
  const trust = { Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' };
  const role = { RoleName, AssumeRolePolicyDocument: toPolicy([trust]) };
  const created = await query(url, key, 'iam', 'CreateRole', role);
  const policy = { RoleName, PolicyName: 'grants', PolicyDocument: toPolicy(statements) };
  const granted = await query(url, key, 'iam', 'PutRolePolicy', policy);
  if (granted.status !== 200) throw new Error(`${created.xml}\n${granted.xml}`);
  return created.text('Arn') ?? '';
}
