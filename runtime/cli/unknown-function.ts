import { CliError } from './failure.ts';
import { ApiError } from './lambda-client.ts';

/** Gives a 404 about a function its way out; passes every other error through. */
export function toUnknownFunction(error: unknown, name: string): unknown {
  if (!(error instanceof ApiError) || error.code !== 'ResourceNotFoundException') return error;
  return new CliError(`There is no function ${name}: \`isola list\` shows what is there, \`isola deploy\` adds one.`);
}
