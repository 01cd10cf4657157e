import { LambdaError } from '../../contract/errors.ts';
import type { Invocation } from '../../contract/invocation.ts';
import { SYNC_RESPONSE_BYTES } from '../../contract/limits.ts';
import type { GuestError, Outcome, Refused } from '../../contract/outcome.ts';
import { toTimeoutText } from '../../events/platform-log.ts';

/** What the caller of Invoke gets: the function's own bytes, or an error object that says how it failed. */
export interface InvokeResult {
  readonly payload: Uint8Array | string;
  /** True when the function failed: `X-Amz-Function-Error: Unhandled`, and status 200 all the same. */
  readonly failed: boolean;
}

/**
 * Maps how an invocation ended to what Lambda answers. Throws a LambdaError for the two ends that are not the
 * function's: refused (429) and crashed (500).
 * A result is passed on as it is, JSON or not, as for Lambda's custom runtimes; the isolate has seen that it is UTF-8 and
 * within the limit.
 */
export function toInvokeResult(invocation: Pick<Invocation, 'requestId'>, outcome: Outcome): InvokeResult {
  switch (outcome.kind) {
    case 'succeeded':
      return { payload: outcome.payload.byteLength === 0 ? 'null' : outcome.payload, failed: false };
    case 'function-error':
      return toFailure(outcome.error);
    case 'timed-out':
      return toFailure({
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${invocation.requestId} Error: ${toTimeoutText(outcome)}`,
      });
    case 'out-of-memory':
      return toFailure({
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${invocation.requestId} Error: Runtime exited with error: signal: killed`,
      });
    case 'crashed':
      throw new LambdaError('ServiceException', 'The platform failed under this invocation.');
    case 'refused':
      throw toRefusal(outcome);
  }
}

export function toRefusal(outcome: Refused): LambdaError {
  return new LambdaError('TooManyRequestsException', 'Rate Exceeded.', {
    members: { Reason: outcome.reason },
    headers: { 'retry-after': String(Math.max(1, Math.ceil(outcome.retryAfterSeconds))) },
  });
}

function toFailure(error: GuestError): InvokeResult {
  const { errorMessage, errorType, stackTrace } = error;
  const payload = JSON.stringify({ errorMessage, errorType, ...(stackTrace ? { stackTrace } : {}) });
  return Buffer.byteLength(payload) > SYNC_RESPONSE_BYTES ? tooLarge() : { payload, failed: true };
}

function tooLarge(): InvokeResult {
  return toFailure({
    errorMessage: `Response payload size exceeded maximum allowed payload size (${SYNC_RESPONSE_BYTES} bytes).`,
    errorType: 'Function.ResponseSizeTooLarge',
  });
}
