import type { Scope } from './scope.ts';

/** One event to be run when there is room, however often it takes: what `X-Amz-Invocation-Type: Event` asks for. */
export interface AsyncInvocation {
  /** UUID; the same at every attempt. */
  readonly requestId: string;
  readonly scope: Scope;
  readonly functionName: string;
  /** As the caller gave it; absent means `$LATEST`. What it leads to is decided anew at every attempt. */
  readonly qualifier?: string;
  /** The event: UTF-8 JSON, already checked to parse, of at most ASYNC_REQUEST_BYTES. */
  readonly event: Uint8Array;
  /** Epoch milliseconds of arrival; the event's age counts from here. */
  readonly receivedAt: number;
  /** `X-Amzn-Trace-Id`: `Root=1-...;Parent=...;Sampled=0`. */
  readonly traceId: string;
}

/** Resolves when the event survives a crash. Rejects with a LambdaError, TooManyRequests, when the queue is full. */
export type Enqueue = (invocation: AsyncInvocation) => Promise<void>;

/** Why an event is done with, in Lambda's words; `FunctionGone` when there was nothing left to run it. */
export type AsyncEnding = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded' | 'FunctionGone';
