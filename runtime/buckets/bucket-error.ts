/** S3's names of what goes wrong. */
export type BucketErrorCode =
  | 'AccessDenied'
  | 'AuthorizationHeaderMalformed'
  | 'BadDigest'
  | 'BucketAlreadyOwnedByYou'
  | 'BucketNotEmpty'
  | 'EntityTooLarge'
  | 'EntityTooSmall'
  | 'IncompleteBody'
  | 'InternalError'
  | 'InvalidAccessKeyId'
  | 'InvalidArgument'
  | 'InvalidBucketName'
  | 'InvalidDigest'
  | 'InvalidPart'
  | 'InvalidPartOrder'
  | 'InvalidRange'
  | 'InvalidRequest'
  | 'InvalidURI'
  | 'KeyTooLongError'
  | 'MalformedXML'
  | 'MetadataTooLarge'
  | 'MethodNotAllowed'
  | 'MissingContentLength'
  | 'NoSuchBucket'
  | 'NoSuchKey'
  | 'NoSuchUpload'
  | 'NotImplemented'
  | 'PreconditionFailed'
  | 'RequestTimeTooSkewed'
  | 'RequestTimeout'
  | 'ServiceUnavailable'
  | 'SignatureDoesNotMatch'
  | 'SlowDown'
  | 'TooManyBuckets'
  | 'XAmzContentSHA256Mismatch';

/** What is not done, and why, in S3's words. It is thrown often, and nobody looks where: it has no stack. */
export class BucketError extends Error {
  override readonly name = 'BucketError';
  readonly code: BucketErrorCode;

  constructor(code: BucketErrorCode, message: string) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
    this.code = code;
  }
}

export function invalidArgument(message: string): BucketError {
  return new BucketError('InvalidArgument', message);
}

export function noSuchBucket(): BucketError {
  return new BucketError('NoSuchBucket', 'The specified bucket does not exist');
}

export function noSuchKey(): BucketError {
  return new BucketError('NoSuchKey', 'The specified key does not exist.');
}

export function preconditionFailed(): BucketError {
  return new BucketError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
}
