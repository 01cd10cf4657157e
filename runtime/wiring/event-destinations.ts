import type { Deliver } from '../contract/delivery.ts';
import type { Observer } from '../contract/observer.ts';
import { toInvokeResult } from '../gateway/lambda-api/outcome-response.ts';
import type { EventQueue, QueuedEvent } from '../store/event-queue.ts';
import { createDestinations } from '../triggers/destinations.ts';
import type { EventEnd } from '../triggers/run-event.ts';

export interface EventDestinationsDeps {
  readonly store: Pick<EventQueue, 'event'>;
  readonly deliver: Deliver;
  readonly observer: Observer;
}

/** Tells destinations of functions how asynchronous events ended, in the words that a caller would have been answered. */
export function createEventDestinations(
  deps: EventDestinationsDeps,
): (event: QueuedEvent, end: EventEnd) => Promise<void> {
  return createDestinations({ ...deps, toResult: toInvokeResult, clock: Date.now });
}
