import type { FunctionVersion } from './function-version.ts';

/** One event for one function version. Immutable; it crosses threads by structured clone. */
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
  /** Lambda's ClientContext, decoded from base64 (JSON text), when the caller sent one. */
  readonly clientContext?: string;
}
