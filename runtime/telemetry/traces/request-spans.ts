import { parseTraceHeader, type TraceContext, toTraceHeader } from '../../contract/trace-context.ts';
import type { RequestTrace, TracedRequest } from '../../contract/tracer.ts';
import type { Attributes, TellSpan } from './span.ts';
import { createSpanId, createTraceId } from './trace-numbers.ts';

/** What the parts of a tracer share. */
export interface TracerParts {
  readonly tell: TellSpan;
  readonly samples: (context: TraceContext) => boolean;
  /** Epoch milliseconds, with fractions. */
  readonly clock: () => number;
}

const METHODS = new Set(['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE']);
/** Of what clients send, in characters. */
const MOST_CHARACTERS = 512;

/** A trace header of a trace that is decided on: the one that came, with our decision, or a new one. */
export function takeTrace({ samples, clock }: TracerParts, header: string | undefined): string {
  const came = parseTraceHeader(header ?? '');
  const context = came ?? { traceId: createTraceId(clock()) };
  const isSampled = samples(context);
  // A trace that is taken begins with the span that comes next; X-Ray's header names one in any case.
  return toTraceHeader({ ...(isSampled ? {} : { spanId: createSpanId() }), ...context, isSampled }, header);
}

/** A span of kind server for a request; none, but a trace to go on with, where none is taken. */
export function traceRequest(parts: TracerParts, request: TracedRequest, parent: string | undefined): RequestTrace {
  const { tell, samples, clock } = parts;
  const from = clock();
  const came = parseTraceHeader(parent ?? '');
  const { traceId, spanId: parentId }: TraceContext = came ?? { traceId: createTraceId(from) };
  const traceState = came === undefined ? undefined : toTraceState(request.headers.tracestate);
  const stated = traceState === undefined ? {} : { traceState };
  if (!samples(came ?? { traceId })) {
    const context = { traceId, spanId: parentId ?? createSpanId(), isSampled: false };
    return { ...stated, traceId: toTraceHeader(context, parent), matched: ignore, ended: ignore };
  }
  const spanId = createSpanId();
  let route: string | undefined;
  return {
    ...stated,
    traceId: toTraceHeader({ traceId, spanId, isSampled: true }, parent),
    matched(pattern) {
      route = pattern.replaceAll(/:(\w+)/g, '{$1}');
    },
    ended({ status, isWhole }) {
      const method = METHODS.has(request.method) ? request.method : '_OTHER';
      const isError = status >= 500 || !isWhole;
      const attributes = toRequestAttributes(request, method);
      attributes['http.response.status_code'] = status;
      if (route !== undefined) attributes['http.route'] = route;
      if (isError) attributes['error.type'] = isWhole ? String(status) : 'aborted';
      tell({
        traceId,
        spanId,
        parentId,
        isParentRemote: parentId !== undefined,
        traceState,
        name: route === undefined ? method : `${method} ${route}`,
        kind: 'server',
        from,
        to: clock(),
        attributes,
        isError,
      });
    },
  };
}

const ignore = (): void => undefined;

function toRequestAttributes(
  { rawPath, headers, sourceIp, protocol, requestId }: TracedRequest,
  method: string,
): Record<string, Attributes[string]> {
  const { host = '', 'user-agent': agent } = headers;
  const [, name, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(host) ?? [];
  const attributes: Record<string, Attributes[string]> = {
    'http.request.method': method,
    'url.scheme': 'http',
    'url.path': rawPath.slice(0, MOST_CHARACTERS),
    'network.protocol.version': protocol.replace('HTTP/', ''),
    'client.address': sourceIp,
    'aws.request_id': requestId,
  };
  if (name) attributes['server.address'] = name;
  if (port !== undefined) attributes['server.port'] = Number(port);
  if (agent !== undefined) attributes['user_agent.original'] = agent.slice(0, MOST_CHARACTERS);
  return attributes;
}

/** W3C's tracestate is passed on as it is, if it can be one. */
function toTraceState(header: string | undefined): string | undefined {
  return header !== undefined && /^[\x20-\x7e]{1,512}$/.test(header) ? header : undefined;
}
