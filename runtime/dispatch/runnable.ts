import type { Invocation } from '../contract/invocation.ts';
import type { Invoker } from '../contract/invoker.ts';
import type { GuestError, Outcome } from '../contract/outcome.ts';

/** A layer that answers for versions that no thread can run. */
export function createRunnable(next: Invoker): Invoker {
  return (invocation: Invocation) => {
    const { unrunnable } = invocation.target;
    return unrunnable === undefined ? next(invocation) : Promise.resolve(toOutcome(unrunnable));
  };
}

function toOutcome(error: GuestError): Outcome {
  const report = { durationMs: 0, fuel: 0, maxMemoryBytes: 0, queueMs: 0 };
  return { kind: 'function-error', error, report, log: '' };
}
