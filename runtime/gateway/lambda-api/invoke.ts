import type { Enqueue } from '../../contract/async-invocation.ts';
import type { Invocation } from '../../contract/invocation.ts';
import type { Invoker } from '../../contract/invoker.ts';
import { ASYNC_REQUEST_BYTES, SYNC_REQUEST_BYTES } from '../../contract/limits.ts';
import { parseFunctionName } from '../../registry/function-name.ts';
import type { Authenticate } from '../auth/authenticator.ts';
import { type Exchange, readExchangeBody, send, sendJson } from '../exchange.ts';
import type { Resolver } from '../resolver.ts';
import { toTraceId } from '../trace-id.ts';
import { eventTooLarge, invokeTooLarge, parseEvent, parseInvokeOptions } from './invoke-request.ts';
import { toLogTail } from './log-tail.ts';
import { toInvokeResult } from './outcome-response.ts';

export const INVOKE_PATH = '/2015-03-31/functions/:FunctionName/invocations';

export interface InvokeDeps {
  readonly authenticate: Authenticate;
  readonly resolver: Resolver;
  readonly invoke: Invoker;
  readonly enqueue: Enqueue;
  readonly bodyTimeoutMs: number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Lambda's Invoke: waits for the function, or takes an event over for later. */
export function createInvoke(deps: InvokeDeps): (c: Exchange) => Promise<void> {
  return async (c) => {
    const receivedAt = deps.clock();
    const { head } = c;
    const caller = deps.authenticate(head, ['lambda']);
    const body = await readExchangeBody(c, {
      maxBytes: SYNC_REQUEST_BYTES,
      timeoutMs: deps.bodyTimeoutMs,
      tooLarge: invokeTooLarge,
    });
    await caller.verify(body);
    const options = parseInvokeOptions(head);
    const qualifier = head.query.find(([name]) => name === 'Qualifier')?.[1];
    const { FunctionName = '' } = c.params;
    await deps.resolver.ready(caller.scope, FunctionName);
    const target = deps.resolver.resolve(caller.scope, FunctionName, qualifier || undefined);
    const event = parseEvent(body);
    const traceId = toTraceId(head.headers['x-amzn-trace-id'], receivedAt);
    if (options.type === 'DryRun') return sendJson(c, { status: 204 });
    if (options.type === 'Event') {
      if (body.byteLength > ASYNC_REQUEST_BYTES) throw eventTooLarge(body.byteLength);
      await deps.enqueue({
        ...{ requestId: c.requestId, scope: caller.scope, functionName: target.name, event, receivedAt, traceId },
        ...toQualifier(FunctionName, qualifier),
      });
      return sendJson(c, { status: 202, headers: { 'x-amzn-trace-id': traceId } });
    }
    const invocation: Invocation = {
      requestId: c.requestId,
      target,
      event,
      receivedAt,
      traceId,
      ...(options.clientContext === undefined ? {} : { clientContext: options.clientContext }),
    };
    const outcome = await deps.invoke(invocation);
    const result = toInvokeResult(invocation, outcome);
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      'x-amzn-requestid': invocation.requestId,
      'x-amzn-trace-id': invocation.traceId,
      'x-amz-executed-version': target.version,
    };
    if (result.failed) headers['x-amz-function-error'] = 'Unhandled';
    if (options.logType === 'Tail' && outcome.kind !== 'refused') {
      headers['x-amz-log-result'] = toLogTail(invocation, outcome, deps.clock());
    }
    return send(c, { status: 200, headers, body: result.payload });
  };
}

/** The qualifier that an event goes by, wherever the caller put it. */
export function toQualifier(functionName: string, given?: string): { readonly qualifier?: string } {
  const qualifier = given || parseFunctionName(functionName)?.qualifier;
  return qualifier === undefined ? {} : { qualifier };
}
