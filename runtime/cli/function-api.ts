import { setTimeout as delay } from 'node:timers/promises';
import { CliError } from './failure.ts';
import { ApiError, type LambdaClient } from './lambda-client.ts';

/** The members of Lambda's FunctionConfiguration that the commands show or wait for. */
export interface FunctionConfiguration {
  readonly FunctionName: string;
  readonly FunctionArn?: string;
  readonly Runtime?: string;
  readonly Handler?: string;
  readonly Role?: string;
  readonly MemorySize?: number;
  readonly Timeout?: number;
  readonly LastModified?: string;
  readonly CodeSize?: number;
  readonly CodeSha256?: string;
  readonly State?: string;
  readonly StateReason?: string;
  readonly LastUpdateStatus?: string;
  readonly LastUpdateStatusReason?: string;
  readonly LoggingConfig?: { readonly LogGroup?: string };
}

/** A function's path in the API. */
export function functionPath(name: string): string {
  return `/2015-03-31/functions/${encodeURIComponent(name)}`;
}

/** Undefined when there is no such function. */
export async function getFunction(client: LambdaClient, name: string): Promise<FunctionConfiguration | undefined> {
  try {
    const answer = await client.json({ method: 'GET', path: functionPath(name) });
    return (answer as { Configuration: FunctionConfiguration }).Configuration;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** Every function, following the pages. */
export async function listFunctions(client: LambdaClient): Promise<readonly FunctionConfiguration[]> {
  const functions: FunctionConfiguration[] = [];
  let marker: string | undefined;
  do {
    const query = marker === undefined ? {} : { Marker: marker };
    const page = (await client.json({ method: 'GET', path: '/2015-03-31/functions', query })) as {
      Functions?: FunctionConfiguration[];
      NextMarker?: string;
    };
    functions.push(...(page.Functions ?? []));
    marker = page.NextMarker || undefined;
  } while (marker !== undefined);
  return functions;
}

const POLL_MS = 50;
/** Preparing the largest package takes seconds; a minute means that it hangs. */
const SETTLED_WITHIN_MS = 60_000;

/** Waits until the function is Active and its last update is through; a failed one throws with Lambda's reason. */
export async function waitUntilSettled(client: LambdaClient, name: string): Promise<FunctionConfiguration> {
  const giveUpAt = Date.now() + SETTLED_WITHIN_MS;
  for (;;) {
    const current = await getFunction(client, name);
    if (current === undefined) throw new CliError(`${name} was deleted while it was being deployed: deploy it again.`);
    if (current.State === 'Failed' || current.LastUpdateStatus === 'Failed') {
      const reason = current.LastUpdateStatusReason ?? current.StateReason ?? 'no reason was given';
      throw new CliError(`${name} could not be prepared: ${reason}`);
    }
    if (current.State !== 'Pending' && current.LastUpdateStatus !== 'InProgress') return current;
    if (Date.now() > giveUpAt) throw new CliError(`${name} is still being prepared: look again with \`isola list\`.`);
    await delay(POLL_MS);
  }
}

/** True when the function has a function URL, so that it answers plain HTTP. */
export async function hasFunctionUrl(client: LambdaClient, name: string): Promise<boolean> {
  try {
    await client.call({ method: 'GET', path: functionUrlPath(name) });
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return false;
    throw error;
  }
}

/** The path of a function's URL configuration in the API. */
export function functionUrlPath(name: string): string {
  return `/2021-10-31/functions/${encodeURIComponent(name)}/url`;
}
