import { type ErrorCode, LambdaError } from '../../contract/errors.ts';
import type { Observer } from '../../contract/observer.ts';
import { StorageError } from '../../contract/storage-error.ts';
import { SerializationError } from '../service/parse-input.ts';
import type { Refusal, Service } from '../service/service.ts';

export interface JsonFailure {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The namespace of errors that belong to no service. */
const COMMON = 'com.amazon.coral.service';

/** What the Query protocol calls the errors that the services share with Lambda's API, where it is another name. */
const QUERY_CODES: Readonly<Partial<Record<ErrorCode, string>>> = {
  AccessDeniedException: 'AccessDenied',
  InvalidSignatureException: 'SignatureDoesNotMatch',
  UnknownOperationException: 'InvalidAction',
  UnrecognizedClientException: 'InvalidClientTokenId',
};

/**
 * An error as AWS's JSON protocols write it: `__type` names it. What is nobody's refusal is our bug: the operator is told, the
 * caller learns nothing of it.
 */
export function toJsonFailure(
  error: unknown,
  { service, observer }: { service: Service; observer: Observer },
): JsonFailure {
  const own = service.toRefusal(error);
  const { status, code, queryCode = code, message } = own ?? toCommonRefusal(error, observer);
  const namespace = own === undefined ? COMMON : service.json?.namespace;
  const fault = status < 500 ? 'Sender' : 'Receiver';
  return {
    status,
    headers: {
      'content-type': service.json?.contentType ?? '',
      ...(service.json?.namesQueryErrors ? { 'x-amzn-query-error': `${queryCode};${fault}` } : {}),
    },
    body: JSON.stringify({ __type: `${namespace}#${code}`, message }),
  };
}

function toCommonRefusal(error: unknown, observer: Observer): Refusal {
  if (error instanceof SerializationError) {
    return { status: 400, code: 'SerializationException', queryCode: 'MalformedInput', message: error.message };
  }
  if (error instanceof LambdaError && error.code !== 'ServiceException') {
    const { code, message } = error;
    const status = code === 'UnknownOperationException' ? 400 : error.status;
    return { status, code, queryCode: QUERY_CODES[code] ?? code.replace(/Exception$/, ''), message };
  }
  if (error instanceof StorageError) {
    observer.noticed('error', `${error.message} ${error.cause}`);
    return { status: 503, code: 'ServiceUnavailable', message: error.message };
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  observer.noticed('error', `The gateway failed: ${detail}`);
  return {
    status: 500,
    code: 'InternalFailure',
    message: 'The request processing has failed because of an unknown error, exception or failure.',
  };
}
