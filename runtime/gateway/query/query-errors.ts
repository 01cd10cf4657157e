import { type ErrorCode, LambdaError } from '../../contract/errors.ts';
import type { Observer } from '../../contract/observer.ts';
import { StorageError } from '../../contract/storage-error.ts';
import { IdentityError, type IdentityErrorCode } from '../../identity/index.ts';
import { SerializationError } from '../service/parse-input.ts';
import type { QueryService } from './query-operation.ts';
import { toXml } from './xml.ts';

const STATUSES: Readonly<Record<IdentityErrorCode, number>> = {
  DeleteConflict: 409,
  EntityAlreadyExists: 409,
  InvalidInput: 400,
  LimitExceeded: 409,
  MalformedPolicyDocument: 400,
  NoSuchEntity: 404,
  UnmodifiableEntity: 400,
};

/** What the Query protocol calls the errors that it shares with Lambda's API. */
const CODES: Readonly<Partial<Record<ErrorCode, string>>> = {
  AccessDeniedException: 'AccessDenied',
  IncompleteSignatureException: 'IncompleteSignature',
  InvalidSignatureException: 'SignatureDoesNotMatch',
  MissingAuthenticationTokenException: 'MissingAuthenticationToken',
  RequestEntityTooLargeException: 'RequestEntityTooLarge',
  RequestTimeoutException: 'RequestTimeout',
  TooManyRequestsException: 'Throttling',
  UnknownOperationException: 'InvalidAction',
  UnrecognizedClientException: 'InvalidClientTokenId',
  ValidationException: 'ValidationError',
};

export interface QueryFailure {
  readonly status: number;
  readonly body: string;
}

/** An error as the Query protocol writes it. What is nobody's refusal is our bug: the operator is told, the caller learns nothing of it. */
export function toQueryFailure(
  error: unknown,
  { service, requestId, observer }: { service: QueryService; requestId: string; observer: Observer },
): QueryFailure {
  const own = service.toRefusal?.(error);
  const { status, code, message } = own ? { ...own, code: own.queryCode ?? own.code } : toParts(error, observer);
  const type = status < 500 ? 'Sender' : 'Receiver';
  const content = toXml('Error', { Type: type, Code: code, Message: message }) + toXml('RequestId', requestId);
  return { status, body: `<ErrorResponse xmlns="${service.namespace}">${content}</ErrorResponse>\n` };
}

function toParts(error: unknown, observer: Observer): { status: number; code: string; message: string } {
  if (error instanceof IdentityError) return { status: STATUSES[error.code], code: error.code, message: error.message };
  if (error instanceof SerializationError) return { status: 400, code: 'MalformedInput', message: error.message };
  const code = error instanceof LambdaError ? CODES[error.code] : undefined;
  if (error instanceof LambdaError && code !== undefined) {
    return { status: code === 'InvalidAction' ? 400 : error.status, code, message: error.message };
  }
  if (error instanceof StorageError) {
    observer.noticed('error', `${error.message} ${error.cause}`);
    return { status: 500, code: 'ServiceFailure', message: error.message };
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  observer.noticed('error', `The gateway failed: ${detail}`);
  return { status: 500, code: 'ServiceFailure', message: 'An internal error occurred.' };
}
