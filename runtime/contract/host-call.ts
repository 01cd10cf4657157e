import type { Invocation } from './invocation.ts';

/** What a guest asks of the host, as it wrote it: nothing in here has been checked but its size. */
export interface HostRequest {
  /** UTF-8 JSON from an honest guest. */
  readonly head: Uint8Array;
  readonly body: Uint8Array;
}

/** What it gets. Failures and refusals are answers too: `{"error": {"type", "message"}}`. */
export interface HostAnswer {
  /** UTF-8 JSON. */
  readonly head: Uint8Array;
  readonly body: Uint8Array;
}

/** The answer that a thread waits for. */
export interface AwaitedAnswer {
  /** A cell of shared memory that holds `call` when the answer is there, and is notified then. */
  readonly cell: Int32Array;
  readonly call: number;
  /** To be called then. */
  take(): HostAnswer;
}

/** Asks the main thread from a guest's; does not wait. What was asked before and not answered is dropped. */
export type AskHost = (request: HostRequest) => AwaitedAnswer;

/** One call as the main thread serves it. */
export interface HostCall extends HostRequest {
  readonly invocation: Invocation;
  /** What requests to elsewhere carry for whoever traces, unless the guest says it; names in lower case. */
  readonly traceHeaders?: readonly (readonly [string, string])[];
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /**
   * To be said before waiting for what may take long or need a thread itself: another thread stands in for the one that
   * waits. False when no more may come, and then the call must answer at once.
   */
  park(): boolean;
}

/** The main thread's side of host calls. Never rejects for anything that a guest did. */
export type ServeHostCall = (call: HostCall) => Promise<HostAnswer>;

const encoder = new TextEncoder();

export function toHostAnswer(head: Readonly<Record<string, unknown>>, body: Uint8Array = NO_BYTES): HostAnswer {
  return { head: encoder.encode(JSON.stringify(head)), body };
}

export function toHostError(type: string, message: string): HostAnswer {
  return toHostAnswer({ error: { type, message } });
}

const NO_BYTES = new Uint8Array();
