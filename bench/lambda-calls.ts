import type { HttpClient } from './http-client.ts';
import type { Subject } from './subject.ts';

export interface Deployed extends Pick<Subject, 'handler' | 'memoryMb' | 'module'> {
  /** Lambda's default when absent. */
  readonly timeoutSeconds?: number;
  /** A role's name; one that there is not when absent. */
  readonly role?: string;
}

/** Creates a function through Lambda's API. */
export async function deploy(
  client: HttpClient,
  name: string,
  { handler, memoryMb, module, timeoutSeconds, role = 'isola' }: Deployed,
  variables: Readonly<Record<string, string>> = {},
): Promise<void> {
  const input = {
    ...{ FunctionName: name, Runtime: 'provided.wasm', Handler: handler, MemorySize: memoryMb },
    ...{ Role: `arn:aws:iam::000000000000:role/${role}`, Environment: { Variables: variables } },
    ...(timeoutSeconds === undefined ? {} : { Timeout: timeoutSeconds }),
    Code: { ZipFile: Buffer.from(module).toString('base64') },
  };
  await client.post('/2015-03-31/functions', JSON.stringify(input), { 'content-type': 'application/json' });
}

/** A role that lets functions do what `action` names. */
export async function createRole(client: HttpClient, RoleName: string, action: string): Promise<void> {
  const toDocument = (statement: object): string =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
  const trust = toDocument({ Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' });
  const granted = toDocument({ Action: action, Resource: '*' });
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const ask = (parameters: Record<string, string>) =>
    client.post('/', new URLSearchParams({ Version: '2010-05-08', RoleName, ...parameters }).toString(), type);
  await ask({ Action: 'CreateRole', AssumeRolePolicyDocument: trust });
  await ask({ Action: 'PutRolePolicy', PolicyName: 'grants', PolicyDocument: granted });
}

export function invocationsPath(name: string): string {
  return `/2015-03-31/functions/${name}/invocations`;
}

export function invoke(
  client: HttpClient,
  name: string,
  event: string,
  headers: Readonly<Record<string, string>> = {},
): ReturnType<HttpClient['post']> {
  return client.post(invocationsPath(name), event, headers);
}

/** How long a call takes, in microseconds. */
export async function timed(call: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await call();
  return (performance.now() - began) * 1000;
}
