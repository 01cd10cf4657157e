import type { Invoker } from '../contract/invoker.ts';
import type { Observer } from '../contract/observer.ts';

/** A layer that tells the observer how each invocation ended. */
export function createObserved(observer: Observer, next: Invoker): Invoker {
  return async (invocation) => {
    const outcome = await next(invocation);
    observer.invocationEnded(invocation, outcome);
    return outcome;
  };
}
