import { CliError } from './failure.ts';
import { listFunctions } from './function-api.ts';
import { ApiError, type LambdaClient } from './lambda-client.ts';
import { findNearest } from './nearest.ts';

/** Gives a 404 about a function its way out; passes every other error through. */
export async function toUnknownFunction(error: unknown, client: LambdaClient, name: string): Promise<unknown> {
  if (!(error instanceof ApiError) || error.code !== 'ResourceNotFoundException') return error;
  return new CliError(
    `There is no function ${name}${await suggest(client, name)}: \`isola list\` shows what is there, \`isola deploy\` adds one.`,
  );
}

/** The name that was meant, if one is near; who may not list functions is told none. */
export async function suggest(client: LambdaClient, name: string): Promise<string> {
  const functions = await listFunctions(client).catch(() => []);
  const near = findNearest(
    name,
    functions.map(({ FunctionName }) => FunctionName),
  );
  return near === undefined || near === name ? '' : ` (did you mean ${near}?)`;
}
