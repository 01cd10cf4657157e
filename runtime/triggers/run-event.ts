import type { AsyncEnding } from '../contract/async-invocation.ts';
import { LambdaError } from '../contract/errors.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { Invoker } from '../contract/invoker.ts';
import type { Outcome } from '../contract/outcome.ts';
import type { Scope } from '../contract/scope.ts';
import type { EventHandling } from '../registry/event-invoke-configs.ts';
import type { EventProgress, EventQueue, QueuedEvent } from '../store/event-queue.ts';
import { decideAfter, decideBefore } from './retry-policy.ts';

/** What the queue asks of the registry. Methods throw LambdaErrors. */
export interface EventTargets {
  /** To be awaited before the others are asked. */
  ready(scope: Scope, functionName: string): Promise<void> | undefined;
  resolve(scope: Scope, functionName: string, qualifier?: string): FunctionVersion;
  handling(scope: Scope, functionName: string, qualifier?: string): EventHandling;
}

/** How an event ended; `outcome` and the version are the last attempt's, absent when none was made. */
export interface EventEnd {
  readonly ending: AsyncEnding;
  readonly outcome?: Outcome;
  readonly executedVersion?: string;
  /** Absent when the function is gone. */
  readonly handling?: EventHandling;
}

/** What running an event needs. */
export interface RunDeps {
  readonly store: Pick<EventQueue, 'event'>;
  readonly targets: EventTargets;
  readonly invoke: Invoker;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** How long a function that failed is left alone before each further attempt, in milliseconds. */
  readonly retryDelaysMs: readonly number[];
}

/** What comes of an attempt. */
export type Verdict =
  | { readonly kind: 'finished'; readonly end: EventEnd }
  | {
      readonly kind: 'again';
      readonly progress: EventProgress;
      /** There was no room for the function. */
      readonly isThrottled: boolean;
      /** The function did not get to run, or the platform failed under it. */
      readonly isNobodysFault: boolean;
    };

/** Makes one attempt at an event, if it still may run. */
export async function runEvent(event: QueuedEvent, deps: RunDeps): Promise<Verdict> {
  const { targets, store, clock, retryDelaysMs } = deps;
  await targets.ready(event.scope, event.functionName);
  const handling = handlingOf(event, targets);
  if (handling === undefined) return GONE;
  const early = decideBefore(event, handling, clock());
  if (early !== undefined) return { kind: 'finished', end: { ending: early, handling } };
  const target = resolve(event, targets);
  const payload = await store.event(event.id);
  if (target === 'gone' || payload === undefined) return GONE;
  const { requestId, traceId } = event;
  const outcome =
    target === 'unavailable'
      ? UNAVAILABLE
      : await deps.invoke({ requestId, target, event: payload, receivedAt: clock(), traceId, trigger: 'pubsub' });
  const decision = decideAfter(event, outcome.kind, handling, { now: clock(), retryDelaysMs });
  if (decision.kind === 'finished') {
    const executed = target === 'unavailable' ? {} : { executedVersion: target.version };
    return { kind: 'finished', end: { ending: decision.ending, outcome, handling, ...executed } };
  }
  const isThrottled = outcome.kind === 'refused';
  return { ...decision, isThrottled, isNobodysFault: isThrottled || outcome.kind === 'crashed' };
}

/** Undefined when the function is gone. */
export function handlingOf(event: QueuedEvent, targets: EventTargets): EventHandling | undefined {
  try {
    return targets.handling(event.scope, event.functionName, event.qualifier);
  } catch (error) {
    if (error instanceof LambdaError) return undefined;
    throw error;
  }
}

function resolve(event: QueuedEvent, targets: EventTargets): FunctionVersion | 'gone' | 'unavailable' {
  try {
    return targets.resolve(event.scope, event.functionName, event.qualifier);
  } catch (error) {
    if (!(error instanceof LambdaError)) throw error;
    return error.status === 404 ? 'gone' : 'unavailable';
  }
}

const GONE: Verdict = { kind: 'finished', end: { ending: 'FunctionGone' } };

/** A function that exists and cannot run now is tried again like one that was throttled. */
const UNAVAILABLE: Outcome = {
  kind: 'refused',
  reason: 'ConcurrentInvocationLimitExceeded',
  retryAfterSeconds: 1,
};
