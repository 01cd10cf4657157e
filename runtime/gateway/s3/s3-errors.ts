import { BucketError, type BucketErrorCode } from '../../buckets/index.ts';
import { type ErrorCode, LambdaError } from '../../contract/errors.ts';
import { OutboxFull } from '../../contract/letter.ts';
import type { Observer } from '../../contract/observer.ts';
import { StorageError } from '../../contract/storage-error.ts';
import { toXml } from '../query/xml.ts';

const STATUSES: Readonly<Record<BucketErrorCode, number>> = {
  AccessDenied: 403,
  AuthorizationHeaderMalformed: 400,
  BadDigest: 400,
  BucketAlreadyOwnedByYou: 409,
  BucketNotEmpty: 409,
  EntityTooLarge: 400,
  EntityTooSmall: 400,
  IncompleteBody: 400,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  InvalidArgument: 400,
  InvalidBucketName: 400,
  InvalidDigest: 400,
  InvalidPart: 400,
  InvalidPartOrder: 400,
  InvalidRange: 416,
  InvalidRequest: 400,
  InvalidURI: 400,
  KeyTooLongError: 400,
  MalformedXML: 400,
  MetadataTooLarge: 400,
  MethodNotAllowed: 405,
  MissingContentLength: 411,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  NotImplemented: 501,
  PreconditionFailed: 412,
  RequestTimeTooSkewed: 403,
  RequestTimeout: 400,
  ServiceUnavailable: 503,
  SignatureDoesNotMatch: 403,
  SlowDown: 503,
  TooManyBuckets: 400,
  XAmzContentSHA256Mismatch: 400,
};

/** What S3 calls the errors that it shares with Lambda's API. */
const CODES: Readonly<Partial<Record<ErrorCode, BucketErrorCode>>> = {
  AccessDeniedException: 'AccessDenied',
  IncompleteSignatureException: 'AuthorizationHeaderMalformed',
  InvalidSignatureException: 'SignatureDoesNotMatch',
  MissingAuthenticationTokenException: 'AccessDenied',
  RequestTimeoutException: 'RequestTimeout',
  ServiceUnavailableException: 'ServiceUnavailable',
  TooManyRequestsException: 'SlowDown',
  UnrecognizedClientException: 'InvalidAccessKeyId',
  ValidationException: 'InvalidRequest',
};

export interface S3Failure {
  readonly status: number;
  readonly code: string;
  readonly body: string;
}

/** An error as S3 writes it. What is nobody's refusal is our bug: the operator is told, the caller learns nothing of it. */
export function toS3Failure(
  error: unknown,
  { resource, requestId, observer }: { resource: string; requestId: string; observer: Observer },
): S3Failure {
  const { code, message } = toBucketError(error, observer);
  const parts = { Code: code, Message: message, Resource: resource, RequestId: requestId, HostId: requestId };
  return { status: STATUSES[code], code, body: `${XML_HEAD}${toXml('Error', parts)}` };
}

export const XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

function toBucketError(error: unknown, observer: Observer): Pick<BucketError, 'code' | 'message'> {
  if (error instanceof BucketError) return error;
  const code = error instanceof LambdaError ? CODES[error.code] : undefined;
  if (error instanceof LambdaError && code !== undefined) {
    const isSkew = code === 'SignatureDoesNotMatch' && /^Signature (?:expired|not yet)/.test(error.message);
    return { code: isSkew ? 'RequestTimeTooSkewed' : code, message: error.message };
  }
  if (error instanceof OutboxFull) {
    return { code: 'SlowDown', message: 'There is no room for more notifications: the object was changed.' };
  }
  if (error instanceof StorageError) {
    observer.noticed('error', `${error.message} ${error.cause}`);
    return { code: 'InternalError', message: error.message };
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  observer.noticed('error', `The gateway failed: ${detail}`);
  return { code: 'InternalError', message: 'We encountered an internal error. Please try again.' };
}
