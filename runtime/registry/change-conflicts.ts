import { LambdaError } from '../contract/errors.ts';
import type { FunctionKey } from '../store/function-record.ts';
import { toFunctionArn } from './function-name.ts';

/** The caller expected another revision than the current one. */
export function staleRevision(
  api: 'GetFunction/GetAlias' | 'GetPolicy' | 'GetResourcePolicy' = 'GetFunction/GetAlias',
): LambdaError {
  return new LambdaError(
    'PreconditionFailedException',
    `The Revision Id provided does not match the latest Revision Id. Call the ${api} API to retrieve the latest Revision Id`,
  );
}

/** Another change of the function has not ended yet. */
export function updateInProgress(key: FunctionKey): LambdaError {
  return new LambdaError(
    'ResourceConflictException',
    `The operation cannot be performed at this time. An update is in progress for resource: ${toFunctionArn(key)}`,
  );
}
