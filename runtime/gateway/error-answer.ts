import { ERRORS, LambdaError } from '../contract/errors.ts';
import type { Observer } from '../contract/observer.ts';
import { StorageError } from '../contract/storage-error.ts';

export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, string>>;
}

/**
 * An error as Lambda's API writes it: `x-amzn-errortype` names it, the body holds `Type` and the message under the key
 * that this error uses. What the disk does not take is told as it is. What else is no LambdaError is our bug: the operator is told, the caller learns nothing of it.
 */
export function toErrorAnswer(error: unknown, observer: Observer): ErrorAnswer {
  if (error instanceof StorageError) {
    observer.noticed('error', `${error.message} ${error.cause}`);
    return toErrorAnswer(new LambdaError('ServiceException', error.message), observer);
  }
  if (!(error instanceof LambdaError)) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    observer.noticed('error', `The gateway failed: ${detail}`);
    return toErrorAnswer(new LambdaError('ServiceException', 'An internal error occurred.'), observer);
  }
  const entry = ERRORS[error.code];
  const type = entry.fault === 'platform' ? 'Service' : 'User';
  return {
    status: entry.status,
    headers: { 'x-amzn-errortype': error.code, ...error.headers },
    body:
      error.code === 'ValidationException'
        ? { message: error.message }
        : { ...error.members, Type: type, [entry.messageKey]: error.message },
  };
}
