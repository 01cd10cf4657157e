import type { Invocation } from '../../contract/invocation.ts';
import { SYNC_RESPONSE_BYTES } from '../../contract/limits.ts';
import type { Outcome } from '../../contract/outcome.ts';
import { fromHttpV1Result } from '../../events/http-v1-result.ts';
import { fromHttpResult, isMalformed } from '../../events/http-v2-result.ts';
import type { Answer } from '../exchange.ts';
import type { Rarely } from './rarely.ts';

/** What API Gateway says by itself, by status. */
const MESSAGES = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

export type ApiStatus = keyof typeof MESSAGES;

/** An answer that is API Gateway's and no function's. */
export function toApiMessage(status: ApiStatus, requestId: string, message: string = MESSAGES[status]): Answer {
  return {
    status,
    headers: {
      'content-type': 'application/json',
      'apigw-requestid': requestId,
      ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    },
    body: JSON.stringify({ message }),
  };
}

/** A failed function is a 500 to a visitor, a late or refused one a 503; the details are in the log, not on the wire. */
export function toApiAnswer(
  invocation: Invocation,
  outcome: Outcome,
  { format, rarely }: { readonly format: '1.0' | '2.0'; readonly rarely: Rarely },
): Answer {
  const { requestId, target, traceId } = invocation;
  switch (outcome.kind) {
    case 'succeeded': {
      if (outcome.payload.byteLength > SYNC_RESPONSE_BYTES) return toApiMessage(500, requestId);
      const answer = format === '1.0' ? fromHttpV1Result(outcome.payload) : fromHttpResult(outcome.payload);
      if (!isMalformed(answer)) {
        const ours = { 'apigw-requestid': requestId, 'x-amzn-trace-id': traceId };
        return { ...answer, headers: { ...answer.headers, ...ours } };
      }
      rarely.warn(`${target.arn} answered its route with no HTTP response: ${answer.malformed}.`);
      return toApiMessage(500, requestId);
    }
    case 'function-error':
    case 'out-of-memory':
    case 'crashed':
      return toApiMessage(500, requestId);
    case 'timed-out':
      return toApiMessage(503, requestId);
    case 'refused': {
      const answer = toApiMessage(503, requestId);
      return { ...answer, headers: { ...answer.headers, 'retry-after': String(outcome.retryAfterSeconds) } };
    }
  }
}
