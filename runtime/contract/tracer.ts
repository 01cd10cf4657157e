import type { ServeHostCall } from './host-call.ts';
import type { Invoker } from './invoker.ts';

/** A request as a trace tells of it. */
export interface TracedRequest {
  readonly method: string;
  /** Percent-encoded, without the query, which may hold signatures. */
  readonly rawPath: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly sourceIp: string;
  /** Such as `HTTP/1.1`. */
  readonly protocol: string;
  readonly requestId: string;
}

/** One request's part of a trace. */
export interface RequestTrace {
  /** `X-Amzn-Trace-Id` of what comes of the request. */
  readonly traceId: string;
  /** W3C's tracestate, as it came with the trace. */
  readonly traceState?: string;
  /** The route that serves it, with the names of its parameters. */
  matched(route: string): void;
  /** The answer has gone, or its connection has broken. */
  ended(answer: { readonly status: number; readonly isWhole: boolean }): void;
}

/** The trace header of what comes of something other than a request: the one that came with it, or a new one. */
export type TakeTrace = (header: string | undefined) => string;

/**
 * Tells a collector what happens, as spans. There is one only where traces are taken; nothing that it does is waited for, fails or
 * throws. A trace goes through the house as X-Ray's header, whose Parent is the span that the next one is a child of; those with
 * `Sampled=1` are told of.
 */
export interface Tracer {
  /** `parent`: the trace header that came with the request. */
  request(request: TracedRequest, parent: string | undefined): RequestTrace;
  readonly take: TakeTrace;
  /** A layer that tells of invocations: how long they waited, whether their isolate had to be made, how they ran. */
  invoker(next: Invoker): Invoker;
  /** The same for what guests ask for. */
  hostCalls(next: ServeHostCall): ServeHostCall;
}
