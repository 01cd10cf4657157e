import type { Invocation } from '../../contract/invocation.ts';
import { SYNC_RESPONSE_BYTES } from '../../contract/limits.ts';
import type { Observer } from '../../contract/observer.ts';
import type { Outcome } from '../../contract/outcome.ts';
import { fromHttpResult, isMalformed, type MalformedResult } from '../../events/http-v2-result.ts';
import type { Answer } from '../exchange.ts';

/** A failed function is a 502 to a URL's visitor, a late one a 504; the details are in the log, not on the wire. */
export function toAnswer(invocation: Invocation, outcome: Outcome, observer: Observer): Answer {
  const { requestId } = invocation;
  switch (outcome.kind) {
    case 'succeeded': {
      if (outcome.payload.byteLength > SYNC_RESPONSE_BYTES) return toMessage(502, 'Internal Server Error', requestId);
      const answer = fromHttpResult(outcome.payload);
      return isMalformed(answer) ? toMalformed(invocation, answer, observer) : withOurs(invocation, answer);
    }
    case 'function-error':
    case 'out-of-memory':
    case 'crashed':
      return toMessage(502, 'Internal Server Error', requestId);
    case 'timed-out':
      return toMessage(504, 'Endpoint request timed out', requestId);
    case 'refused': {
      const answer = toMessage(429, 'Rate Exceeded.', requestId);
      return { ...answer, headers: { ...answer.headers, 'retry-after': String(outcome.retryAfterSeconds) } };
    }
  }
}

export function toMessage(status: number, message: string | null, requestId: string): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
    body: JSON.stringify({ Message: message }),
  };
}

/** The function's answer with the headers that are the platform's. */
export function withOurs(invocation: Invocation, answer: Answer): Answer {
  const ours = { 'x-amzn-requestid': invocation.requestId, 'x-amzn-trace-id': invocation.traceId };
  return { ...answer, headers: { ...answer.headers, ...ours } };
}

/** What a visitor reads when the function answered with what is no HTTP; the operator reads why. */
export function toMalformed(invocation: Invocation, { malformed }: MalformedResult, observer: Observer): Answer {
  observer.noticed('warn', `${invocation.target.arn} answered its URL with no HTTP response: ${malformed}.`);
  return toMessage(502, 'Internal Server Error', invocation.requestId);
}
