import type { FunctionVersion } from './function-version.ts';
import type { ResponseStream } from './response-stream.ts';

/** One event for one function version. Immutable; all but `stream` crosses threads by structured clone. */
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
  /** True when a guest of this process waits for it. */
  readonly isNested?: true;
  /** Where a guest's answer goes while it is made; absent for a caller that takes it whole. */
  readonly stream?: ResponseStream;
}
