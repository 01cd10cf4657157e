/** What one invocation cost, measured where it ran. Durations in milliseconds. */
export interface Report {
  /** Guest time: from the event entering the guest to its result leaving it. */
  readonly durationMs: number;
  /** Of that, what others had the processor for; absent when nobody looked, as of short ones. */
  readonly heldUpMs?: number;
  /** Fuel burnt: deterministic for the same artifact, event and state. */
  readonly fuel: number;
  /** High-water mark of the linear memory, in bytes. */
  readonly maxMemoryBytes: number;
  /** Time from arrival until a thread took the invocation. */
  readonly queueMs: number;
  /** Present when this invocation was a cold start: no isolate of the artifact was live in its thread. */
  readonly cold?: ColdStart;
}

/** The four cold phases, always reported apart, in milliseconds; a phase that was not needed is 0. */
export interface ColdStart {
  /** Compiling the artifact to a module (once per process). */
  readonly compileMs: number;
  /** Waiting for a thread to start. */
  readonly workerMs: number;
  /** `new WebAssembly.Instance` and its host. */
  readonly instantiateMs: number;
  /** Bringing the image back, or running the initialisation when there is none. */
  readonly restoreMs: number;
}

interface Ended {
  readonly report: Report;
  /** What the guest logged, UTF-8, bounded; each line ends with a newline. */
  readonly log: string;
}

/** A guest's own failure as Lambda reports it. */
export interface GuestError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly stackTrace?: readonly string[];
}

/** The handler returned. `payload` is its result, UTF-8 JSON (or text), within the response limit. */
export interface Succeeded extends Ended {
  readonly kind: 'succeeded';
  readonly payload: Uint8Array;
}
/** The function's own fault: it threw, trapped, exited, or returned something that is not a result. */
export interface FunctionFailed extends Ended {
  readonly kind: 'function-error';
  readonly error: GuestError;
}
/** The wall clock or the fuel budget ran out; `cause` tells which. */
export interface TimedOut extends Ended {
  readonly kind: 'timed-out';
  readonly cause: 'deadline' | 'fuel';
  /** The limit that was hit, in milliseconds (deadline) or units (fuel). */
  readonly limit: number;
}
/** The guest died of its memory limit. */
export interface OutOfMemory extends Ended {
  readonly kind: 'out-of-memory';
}
/** The thread or the host failed under the invocation. Nobody's guest should be able to cause this. */
export interface Crashed extends Ended {
  readonly kind: 'crashed';
  readonly reason: string;
}
/** Lambda's Reason of a 429. */
export type RefusalReason =
  | 'ConcurrentInvocationLimitExceeded'
  | 'ReservedFunctionConcurrentInvocationLimitExceeded'
  | 'CallerRateLimitExceeded';
/** Never ran: admission had no room, or the process is draining. */
export interface Refused {
  readonly kind: 'refused';
  readonly reason: RefusalReason;
  readonly retryAfterSeconds: number;
}

/** How an invocation ends: a closed union, switched exhaustively. Errors cross the thread wall as data. */
export type Outcome = Succeeded | FunctionFailed | TimedOut | OutOfMemory | Crashed | Refused;
