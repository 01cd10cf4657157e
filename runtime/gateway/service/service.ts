import type { Wish } from '../auth/access.ts';
import type { Caller } from '../auth/authenticator.ts';
import type { Of, Structure } from './shape.ts';

/** What an operation sees of a request beside its input: authenticated. */
export interface ServiceRequest {
  readonly caller: Caller;
  /** The Host header: what the client calls us by. */
  readonly host: string;
  /** `X-Amzn-Trace-Id` of what comes of it, where somebody wants to know. */
  readonly traceId?: string | undefined;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
}

/** One operation, whatever the protocol it is asked for by. Failures are thrown. */
export interface ServiceOperation {
  readonly name: string;
  readonly input: Structure;
  readonly output?: Structure;
  /** What the caller must be allowed, all of it; absent, or undefined, when nobody needs a permission. */
  readonly wish?: (request: ServiceRequest, input: Input) => Promise<Wish | readonly Wish[] | undefined>;
  /** What it is asked with is known only to whom it was given: a link that need not be signed. */
  readonly isLink?: true;
  readonly handle: (request: ServiceRequest, input: Input) => Promise<unknown>;
}

/** Members by name, of the types that the operation's shape says. */
export type Input = Readonly<Record<string, unknown>>;

/** An operation whose input and output have the types of its shapes. */
export function createOperation<In extends Structure, Out extends Structure>(operation: {
  readonly name: string;
  readonly input: In;
  readonly output?: Out;
  readonly wish?: (request: ServiceRequest, input: Of<In>) => Promise<Wish | readonly Wish[] | undefined>;
  readonly isLink?: true;
  readonly handle: (request: ServiceRequest, input: Of<In>) => Promise<Of<Out> | undefined>;
}): ServiceOperation {
  return operation as unknown as ServiceOperation;
}

/** An error as both protocols need it. */
export interface Refusal {
  readonly status: number;
  /** The name of the error's shape. */
  readonly code: string;
  /** What the Query protocol calls it, where that is another name. */
  readonly queryCode?: string;
  readonly message: string;
}

/** A service whose clients speak AWS's JSON or its Query protocol, or some the one and some the other. */
export interface Service {
  /** By which requests are signed, such as `sqs`. */
  readonly name: string;
  /** The most that a body may have, in bytes. */
  readonly bodyBytes: number;
  readonly operations: readonly ServiceOperation[];
  readonly json?: {
    /** What X-Amz-Target has before the dot. */
    readonly target: string;
    readonly contentType: 'application/x-amz-json-1.0' | 'application/x-amz-json-1.1';
    /** What `__type` has before the hash. */
    readonly namespace: string;
    /** Answers name errors in `x-amzn-query-error` as the Query protocol does, for clients that came from there. */
    readonly namesQueryErrors?: true;
  };
  readonly query?: {
    readonly version: string;
    readonly namespace: string;
    /** The member that the request's path stands for when it is not `/`. */
    readonly pathMember?: string;
  };
  /** Undefined when the error is none of the service's. */
  readonly toRefusal: (error: unknown) => Refusal | undefined;
}
