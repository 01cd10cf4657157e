import type { AsyncEnding } from '../contract/async-invocation.ts';
import type { Deliver } from '../contract/delivery.ts';
import type { Observer } from '../contract/observer.ts';
import type { Outcome } from '../contract/outcome.ts';
import type { EventDestinations } from '../registry/event-invoke-configs.ts';
import type { EventQueue, QueuedEvent } from '../store/event-queue.ts';
import { type EventMessage, type EventResult, toDeadLetter, toDestinationRecord } from './event-record.ts';
import type { EventEnd } from './run-event.ts';

export interface DestinationsDeps {
  readonly store: Pick<EventQueue, 'event'>;
  readonly deliver: Deliver;
  /** What the caller would have been answered. */
  readonly toResult: (event: QueuedEvent, outcome: Outcome) => EventResult;
  readonly observer: Observer;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/**
 * Tells the destinations of a function how an event ended, and keeps those that failed among its dead letters, as far as its role
 * allows; what cannot be told is told the operator. Rejects when it may be tried again.
 */
export function createDestinations(deps: DestinationsDeps): (event: QueuedEvent, end: EventEnd) => Promise<void> {
  return async (event, end) => {
    const destinations = end.handling?.destinations;
    if (destinations === undefined || end.ending === 'FunctionGone') return;
    const { onTold, deadLetters } = targetsOf(destinations, end.ending);
    if (onTold === undefined && deadLetters === undefined) return;
    const content = (await deps.store.event(event.id)) ?? new Uint8Array();
    const result = end.outcome === undefined ? undefined : deps.toResult(event, end.outcome);
    const told = { content, result, at: deps.clock() };
    if (onTold !== undefined) {
      await tell(event, destinations.role, onTold, toDestinationRecord(onTold, event, end, told));
    }
    if (deadLetters !== undefined) {
      await tell(event, destinations.role, deadLetters, toDeadLetter(event, end.ending, told));
    }
  };

  async function tell(event: QueuedEvent, role: string, arn: string, message: EventMessage): Promise<void> {
    const { traceId } = event;
    const { refused } = await deps.deliver({ arn, sender: { kind: 'role', arn: role }, traceId, ...message });
    if (refused === undefined) return;
    deps.observer.noticed(
      'warn',
      `${arn} is not told how event ${event.requestId} of ${event.functionName} ended: ${refused}`,
    );
  }
}

function targetsOf(
  { onSuccess, onFailure, deadLetters }: EventDestinations,
  ending: AsyncEnding,
): { readonly onTold: string | undefined; readonly deadLetters: string | undefined } {
  if (ending === 'Success') return { onTold: onSuccess || undefined, deadLetters: undefined };
  return { onTold: onFailure || undefined, deadLetters: deadLetters || undefined };
}
