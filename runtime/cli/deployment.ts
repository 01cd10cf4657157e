import { createHash } from 'node:crypto';
import { ensureOwnRole, toDefaultRole, toOwnRole } from './execution-role.ts';
import { functionPath, functionUrlPath, getFunction, waitUntilSettled } from './function-api.ts';
import type { Grant } from './grant.ts';
import { ApiError, type LambdaClient } from './lambda-client.ts';

/** What to deploy; absent settings keep what the function has, or Lambda's default for a new one. */
export interface Deployment {
  readonly name: string;
  /** A module or a zip. */
  readonly code: Uint8Array;
  readonly handler: string;
  readonly description?: string | undefined;
  readonly memoryMb?: number | undefined;
  readonly timeoutSeconds?: number | undefined;
  /** Size of /tmp. */
  readonly ephemeralStorageMb?: number | undefined;
  /** ARN of the execution role. A new function gets `isola`, which is there from the start. */
  readonly role?: string | undefined;
  /** Replaces the function's whole environment. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** True to make it callable without a signature at its function URL. */
  readonly publicUrl: boolean;
  /** True when that URL is to stream. */
  readonly streamedUrl?: boolean;
  readonly accountId: string;
  /** What it is to be allowed by a role of its own, where no role is named. Empty takes that role away, absent leaves it. */
  readonly grants?: readonly Grant[];
}

export interface Deployed {
  readonly change: 'created' | 'updated' | 'unchanged';
  readonly functionArn: string;
  /** What the platform has to say about a function that is ready. */
  readonly advice?: string;
}

/** Creates or updates a function through the public API, waits until it is ready, and gives it its function URL. */
export async function deployFunction(
  client: LambdaClient,
  wanted: Deployment,
  report: (line: string) => void,
): Promise<Deployed> {
  const { name, code, grants } = wanted;
  const before = await getFunction(client, name);
  if (grants?.length && wanted.role === undefined) await ensureOwnRole(client, name, grants);
  const deployment = { ...wanted, role: toRole(wanted, before?.Role) };
  let change: Deployed['change'];
  if (before === undefined) {
    report(`creating ${name} (${code.length.toLocaleString('en')} bytes)`);
    await client.json({ method: 'POST', path: '/2015-03-31/functions', ...jsonBody(toCreateBody(deployment)) });
    change = 'created';
  } else {
    await waitUntilSettled(client, name);
    change = before.CodeSha256 === toCodeSha256(code) ? 'unchanged' : 'updated';
    if (change === 'updated') {
      report(`updating ${name} (${code.length.toLocaleString('en')} bytes)`);
      const body = jsonBody({ ZipFile: toBase64(code) });
      await client.json({ method: 'PUT', path: `${functionPath(name)}/code`, ...body });
      await waitUntilSettled(client, name);
    }
    const body = jsonBody(toSettings(deployment));
    await client.json({ method: 'PUT', path: `${functionPath(name)}/configuration`, ...body });
  }
  const after = await waitUntilSettled(client, name);
  if (deployment.publicUrl) await ensureFunctionUrl(client, deployment);
  return {
    change,
    functionArn: after.FunctionArn ?? name,
    ...(after.StateReason ? { advice: after.StateReason } : {}),
  };
}

async function ensureFunctionUrl(client: LambdaClient, { name, streamedUrl }: Deployment): Promise<void> {
  const path = functionUrlPath(name);
  await ensure(client, path, { AuthType: 'NONE' });
  if (streamedUrl) await client.call({ method: 'PUT', path, ...jsonBody({ InvokeMode: 'RESPONSE_STREAM' }) });
  for (const statement of PUBLIC)
    await ensure(client, `${functionPath(name)}/policy`, { ...statement, Principal: '*' });
}

/** Creates what may be there already. */
async function ensure(client: LambdaClient, path: string, body: Readonly<Record<string, unknown>>): Promise<void> {
  try {
    await client.call({ method: 'POST', path, ...jsonBody(body) });
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 409)) throw error;
  }
}

/** What Lambda wants in a function's policy before anyone may call its URL without a signature. */
const PUBLIC = [
  {
    StatementId: 'FunctionURLAllowPublicAccess',
    Action: 'lambda:InvokeFunctionUrl',
    FunctionUrlAuthType: 'NONE',
  },
  {
    StatementId: 'FunctionURLInvokeAllowPublicAccess',
    Action: 'lambda:InvokeFunction',
    InvokedViaFunctionUrl: true,
  },
];

/** The role that is named, else its own if the project asks for something; else one that somebody has given it stays. */
function toRole({ name, accountId, grants, role }: Deployment, current: string | undefined): string {
  const own = toOwnRole(accountId, name);
  if (role !== undefined) return role;
  if (grants?.length) return own;
  return current === undefined || (grants && current === own) ? toDefaultRole(accountId) : current;
}

function toCreateBody(deployment: Deployment): Readonly<Record<string, unknown>> {
  return {
    FunctionName: deployment.name,
    Runtime: 'provided.wasm',
    Code: { ZipFile: toBase64(deployment.code) },
    ...toSettings(deployment),
  };
}

/** JSON leaves out what is undefined, and what is left out stays as it is. */
function toSettings(deployment: Deployment): Readonly<Record<string, unknown>> {
  const { ephemeralStorageMb, environment } = deployment;
  return {
    Handler: deployment.handler,
    Role: deployment.role,
    Description: deployment.description,
    MemorySize: deployment.memoryMb,
    Timeout: deployment.timeoutSeconds,
    EphemeralStorage: ephemeralStorageMb === undefined ? undefined : { Size: ephemeralStorageMb },
    Environment: environment === undefined ? undefined : { Variables: environment },
  };
}

function jsonBody(value: unknown): { readonly body: string; readonly headers: Readonly<Record<string, string>> } {
  return { body: JSON.stringify(value), headers: { 'content-type': 'application/json' } };
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function toCodeSha256(code: Uint8Array): string {
  return createHash('sha256').update(code).digest('base64');
}
