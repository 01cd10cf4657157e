import type { Invocation } from './invocation.ts';
import type { Outcome } from './outcome.ts';

/**
 * The one verb. Resolves with how the invocation ended and never rejects for anything a guest or caller did:
 * a rejection is a bug of the platform. Layers are `Invoker -> Invoker`; the pool is the last.
 */
export type Invoker = (invocation: Invocation) => Promise<Outcome>;
