import type { FunctionVersion } from './function-version.ts';
import type { ResponseStream } from './response-stream.ts';

/** One event for one function version. Immutable; its stream and what is said for traces stay in the main thread. */
export interface Invocation {
  /** UUID; Lambda's `aws_request_id`, also the response's `x-amzn-requestid`. */
  readonly requestId: string;
  readonly target: FunctionVersion;
  /** The event: UTF-8 JSON, already checked to parse. */
  readonly event: Uint8Array;
  /** Epoch milliseconds of arrival; queue wait counts from here. */
  readonly receivedAt: number;
  /** `X-Amzn-Trace-Id`: `Root=1-...;Parent=...;Sampled=0`. */
  readonly traceId: string;
  /** W3C's tracestate, where the trace came with one and traces are taken. */
  readonly traceState?: string;
  /** What brought it about, in OpenTelemetry's words; absent for who calls the function by its name. */
  readonly trigger?: 'http' | 'pubsub' | 'datasource' | 'timer';
  /** Trace headers of what it was made of, such as those of a batch's messages. */
  readonly causes?: readonly string[];
  /** Lambda's ClientContext, decoded from base64 (JSON text), when the caller sent one. */
  readonly clientContext?: string;
  /** True when a guest of this process waits for it. */
  readonly isNested?: true;
  /** Where a guest's answer goes while it is made; absent for a caller that takes it whole. */
  readonly stream?: ResponseStream;
}
