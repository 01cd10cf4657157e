import type { Invoker } from '../contract/invoker.ts';

/** A layer that answers for versions that no thread can run. */
export function createRunnable(next: Invoker): Invoker {
  return async (invocation) => {
    const { unrunnable: error } = invocation.target;
    if (error === undefined) return next(invocation);
    const report = { durationMs: 0, fuel: 0, maxMemoryBytes: 0, queueMs: 0 };
    return { kind: 'function-error', error, report, log: `${error.errorType}: ${error.errorMessage}\n` };
  };
}
