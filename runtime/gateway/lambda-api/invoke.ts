import type { Enqueue } from '../../contract/async-invocation.ts';
import type { Invoker } from '../../contract/invoker.ts';
import { ASYNC_REQUEST_BYTES } from '../../contract/limits.ts';
import { parseFunctionName } from '../../registry/function-name.ts';
import { type Exchange, send, sendJson } from '../exchange.ts';
import { eventTooLarge } from './invoke-request.ts';
import { toLogTail } from './log-tail.ts';
import { toInvokeResult } from './outcome-response.ts';
import { type InvokeCall, type ReceiveDeps, receiveInvoke } from './receive-invoke.ts';

export const INVOKE_PATH = '/2015-03-31/functions/:FunctionName/invocations';

export interface InvokeDeps extends ReceiveDeps {
  readonly invoke: Invoker;
  readonly enqueue: Enqueue;
}

/** Lambda's Invoke: waits for the function, or takes an event over for later. */
export function createInvoke(deps: InvokeDeps): (c: Exchange) => Promise<void> {
  return async (c) => {
    const call = await receiveInvoke(c, deps, ['Event', 'RequestResponse', 'DryRun']);
    const { options, invocation } = call;
    if (options.type === 'DryRun') return sendJson(c, { status: 204 });
    if (options.type === 'Event') return enqueue(c, call, deps.enqueue);
    const outcome = await deps.invoke(invocation);
    const result = toInvokeResult(invocation, outcome);
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      'x-amzn-requestid': invocation.requestId,
      'x-amzn-trace-id': invocation.traceId,
      'x-amz-executed-version': invocation.target.version,
    };
    if (result.failed) headers['x-amz-function-error'] = 'Unhandled';
    if (options.logType === 'Tail' && outcome.kind !== 'refused') {
      headers['x-amz-log-result'] = toLogTail(invocation, outcome, deps.clock());
    }
    return send(c, { status: 200, headers, body: result.payload });
  };
}

async function enqueue(
  c: Exchange,
  { scope, functionName, qualifier, invocation }: InvokeCall,
  take: Enqueue,
): Promise<void> {
  const { requestId, target, event, receivedAt, traceId } = invocation;
  if (event.byteLength > ASYNC_REQUEST_BYTES) throw eventTooLarge(event.byteLength);
  await take({
    ...{ requestId, scope, functionName: target.name, event, receivedAt, traceId },
    ...toQualifier(functionName, qualifier),
  });
  sendJson(c, { status: 202, headers: { 'x-amzn-trace-id': traceId } });
}

/** The qualifier that an event goes by, wherever the caller put it. */
export function toQualifier(functionName: string, given?: string): { readonly qualifier?: string } {
  const qualifier = given || parseFunctionName(functionName)?.qualifier;
  return qualifier === undefined ? {} : { qualifier };
}
