import type { Invocation } from '../../contract/invocation.ts';
import type { Invoker } from '../../contract/invoker.ts';
import type { Outcome } from '../../contract/outcome.ts';
import { type Exchange, sendJson } from '../exchange.ts';
import { StreamedAnswer } from '../streamed-answer.ts';
import { toEvent } from './event-stream.ts';
import { toLogTail } from './log-tail.ts';
import { type InvokeResult, toInvokeResult } from './outcome-response.ts';
import { type ReceiveDeps, receiveInvoke } from './receive-invoke.ts';

export const STREAM_INVOKE_PATH = '/2021-11-15/functions/:FunctionName/response-streaming-invocations';

/**
 * Lambda's InvokeWithResponseStream: a `PayloadChunk` for each piece that the guest streams, or one for its whole result, and
 * `InvokeComplete`, which says how it ended. What fails before the first piece is an ordinary error.
 */
export function createInvokeWithResponseStream(
  deps: ReceiveDeps & { readonly invoke: Invoker },
): (c: Exchange) => Promise<void> {
  return async (c) => {
    const { options, invocation } = await receiveInvoke(c, deps, ['RequestResponse', 'DryRun']);
    if (options.type === 'DryRun') return sendJson(c, { status: 204 });
    const answer = new StreamedAnswer(c);
    const begin = (): void => {
      if (!answer.hasBegun) answer.begin({ status: 200, headers: toHeaders(invocation) });
    };
    const stream = {
      write(chunk: { readonly bytes: Uint8Array }, taken: () => void) {
        begin();
        answer.write(toPayloadChunk(chunk.bytes), taken);
      },
    };
    const outcome = await deps.invoke({ ...invocation, stream });
    const { payload, failed } = answer.hasBegun ? toLast(invocation, outcome) : toInvokeResult(invocation, outcome);
    const streamed = answer.hasBegun;
    begin();
    if (!streamed && !failed) answer.write(toPayloadChunk(Buffer.from(payload)));
    const complete = {
      ...(failed ? { ErrorCode: 'Unhandled', ErrorDetails: String(payload) } : {}),
      ...(options.logType === 'Tail' && outcome.kind !== 'refused'
        ? { LogResult: toLogTail(invocation, outcome, deps.clock()) }
        : {}),
    };
    answer.write(toEvent('InvokeComplete', 'application/json', Buffer.from(JSON.stringify(complete))));
    answer.end();
  };
}

/** How a stream ended of which the client has a part already: no status can tell it any more. */
function toLast(invocation: Invocation, outcome: Outcome): InvokeResult {
  if (outcome.kind !== 'crashed') return toInvokeResult(invocation, outcome);
  const errorMessage = 'The platform failed under this invocation.';
  return { payload: JSON.stringify({ errorMessage, errorType: 'Sandbox.Failure' }), failed: true };
}

function toPayloadChunk(bytes: Uint8Array): Buffer {
  return toEvent('PayloadChunk', 'application/octet-stream', bytes);
}

function toHeaders(invocation: Invocation): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/vnd.amazon.eventstream',
    'x-amzn-requestid': invocation.requestId,
    'x-amzn-trace-id': invocation.traceId,
    'x-amz-executed-version': invocation.target.version,
  };
}
