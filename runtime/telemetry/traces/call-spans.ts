import type { HostAnswer, HostCall, ServeHostCall } from '../../contract/host-call.ts';
import { type JsonObject, parseJsonObject } from '../../contract/json.ts';
import { parseTraceHeader, toTraceHeader, toTraceparent } from '../../contract/trace-context.ts';
import { toCallAttributes, toCallKind, toCallName, toCallResult } from './call-attributes.ts';
import type { TracerParts } from './request-spans.ts';
import { createSpanId } from './trace-numbers.ts';

/**
 * Tells of what guests ask for, each call a part of the run that made it, and lets what it leads to elsewhere belong to the
 * call. What is not taken goes on as it came, so that others do not take it either.
 */
export function traceHostCalls({ tell, clock }: TracerParts, next: ServeHostCall): ServeHostCall {
  return async (call) => {
    const { invocation } = call;
    const parent = parseTraceHeader(invocation.traceId);
    if (!parent?.isSampled) return next({ ...call, ...toHeaders(call) });
    const from = clock();
    const spanId = createSpanId();
    const traceId = toTraceHeader({ ...parent, spanId }, invocation.traceId);
    const inner = { ...call, invocation: { ...invocation, traceId } };
    const answer = await next({ ...inner, ...toHeaders(inner) });
    const head = parseHead(call.head);
    const { isError, attributes } = toCallResult(parseHead(answer.head));
    tell({
      ...{ traceId: parent.traceId, spanId, parentId: parent.spanId, traceState: invocation.traceState },
      ...{ name: toCallName(head), kind: toCallKind(head), from, to: clock(), isError },
      attributes: { ...toCallAttributes(head), ...attributes },
    });
    return answer;
  };
}

function toHeaders({ invocation: { traceId, traceState } }: HostCall): Pick<HostCall, 'traceHeaders'> {
  const traceparent = toTraceparent(traceId);
  if (traceparent === undefined) return {};
  const state = traceState === undefined ? [] : [['tracestate', traceState] as const];
  return { traceHeaders: [['traceparent', traceparent], ...state] };
}

/** What a guest wrote may be anything. */
function parseHead(bytes: HostAnswer['head']): JsonObject {
  return parseJsonObject(Buffer.from(bytes).toString()) ?? {};
}
