import type { HostAnswer, HostCall } from '../contract/host-call.ts';
import type { Caller } from './caller.ts';
import type { Head } from './head.ts';

/** A host call whose head is read, with who makes it. */
export interface Request extends Pick<HostCall, 'body' | 'invocation' | 'park' | 'signal' | 'traceHeaders'> {
  readonly head: Head;
  readonly caller: Caller;
}

/** One thing that guests may ask for. Throws a CallError for what is not done. */
export type Capability = (request: Request) => Promise<HostAnswer>;

/** By the `op` of the head. */
export type Capabilities = Readonly<Record<string, Capability>>;
