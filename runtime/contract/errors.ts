/** Whose fault an error is: it decides the status family and whether a client should retry. */
export type Fault = 'caller' | 'function' | 'platform';

export interface CatalogueEntry {
  readonly status: number;
  /** Lambda spells the message key with a capital in some errors; clients that read raw bodies depend on it. */
  readonly messageKey: 'message' | 'Message';
  readonly fault: Fault;
  /** One sentence for the documentation. */
  readonly meaning: string;
}

export type ErrorCode =
  | 'AccessDeniedException'
  | 'IncompleteSignatureException'
  | 'InvalidParameterValueException'
  | 'InvalidRequestContentException'
  | 'InvalidSignatureException'
  | 'MissingAuthenticationTokenException'
  | 'PolicyLengthExceededException'
  | 'PreconditionFailedException'
  | 'ProvisionedConcurrencyConfigNotFoundException'
  | 'RequestEntityTooLargeException'
  | 'RequestTimeoutException'
  | 'ResourceConflictException'
  | 'ResourceNotFoundException'
  | 'ServiceException'
  | 'ServiceUnavailableException'
  | 'TooManyRequestsException'
  | 'UnknownOperationException'
  | 'UnrecognizedClientException'
  | 'UnsupportedMediaTypeException'
  | 'ValidationException';

const caller = (status: number, messageKey: 'message' | 'Message', meaning: string): CatalogueEntry => ({
  status,
  messageKey,
  fault: 'caller',
  meaning,
});
const platform = (status: number, messageKey: 'message' | 'Message', meaning: string): CatalogueEntry => ({
  status,
  messageKey,
  fault: 'platform',
  meaning,
});

/**
 * Every error the API can answer, by its `x-amzn-errortype`. ARCHITECTURE lists the same table; a test keeps them equal.
 * Source: the service model's error shapes, and the texts recorded on AWS.
 */
export const ERRORS: Readonly<Record<ErrorCode, CatalogueEntry>> = {
  AccessDeniedException: caller(403, 'Message', 'The caller may not do this.'),
  IncompleteSignatureException: caller(400, 'message', 'The Authorization header lacks a part.'),
  InvalidParameterValueException: caller(400, 'message', 'A parameter has a value that is not allowed.'),
  InvalidRequestContentException: caller(400, 'message', 'The request body is not JSON.'),
  InvalidSignatureException: caller(403, 'message', 'The signature does not match, or its date is too far off.'),
  MissingAuthenticationTokenException: caller(403, 'message', 'The request is not signed.'),
  PolicyLengthExceededException: caller(400, 'message', 'The resource policy is too large.'),
  PreconditionFailedException: caller(412, 'message', 'The RevisionId is not the latest.'),
  ProvisionedConcurrencyConfigNotFoundException: caller(404, 'message', 'Nothing is provisioned for this qualifier.'),
  RequestEntityTooLargeException: caller(413, 'message', 'The request body is too large.'),
  RequestTimeoutException: caller(408, 'message', 'The request body arrived too slowly.'),
  ResourceConflictException: caller(409, 'message', 'The resource exists already, or is being changed.'),
  ResourceNotFoundException: caller(404, 'Message', 'The function or version does not exist.'),
  ServiceException: platform(500, 'Message', 'The platform failed; nothing was changed.'),
  ServiceUnavailableException: platform(503, 'Message', 'The process is about to end; nothing was changed.'),
  TooManyRequestsException: caller(429, 'message', 'There is no room for this invocation now.'),
  UnknownOperationException: caller(404, 'message', 'No operation has this path and method.'),
  UnrecognizedClientException: caller(403, 'message', 'The access key is not known here.'),
  UnsupportedMediaTypeException: caller(415, 'message', 'The content type is not JSON.'),
  ValidationException: caller(400, 'message', 'A member fails its constraint.'),
};

/**
 * An error the gateway answers as it stands. Anything else that is thrown is our bug and becomes a ServiceException. It is thrown
 * often, when there is least time, and nobody looks where: it has no stack.
 */
export class LambdaError extends Error {
  readonly code: ErrorCode;
  /** Extra body members, such as `Reason`. */
  readonly members: Readonly<Record<string, string>>;
  /** Extra response headers, such as `retry-after`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ErrorCode,
    message: string,
    extra: { members?: Readonly<Record<string, string>>; headers?: Readonly<Record<string, string>> } = {},
  ) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
    this.name = code;
    this.code = code;
    this.members = extra.members ?? {};
    this.headers = extra.headers ?? {};
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}
