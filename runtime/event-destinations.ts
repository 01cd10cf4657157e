import type { Observer } from './contract/observer.ts';
import type { DeferredQueues } from './deferred-queues.ts';
import { toInvokeResult } from './gateway/lambda-api/outcome-response.ts';
import type { DeferredIdentities } from './identity/index.ts';
import { parseQueueArn, QueueError } from './queues/index.ts';
import type { EventQueue, QueuedEvent } from './store/event-queue.ts';
import { createDestinations } from './triggers/destinations.ts';
import type { EventMessage } from './triggers/event-record.ts';
import type { EventEnd } from './triggers/run-event.ts';

export interface EventDestinationsDeps {
  readonly store: Pick<EventQueue, 'event'>;
  readonly queues: DeferredQueues;
  readonly identities: DeferredIdentities;
  readonly observer: Observer;
}

/** Tells destinations how events ended, made of the parts of the house that do it. */
export function createEventDestinations({
  store,
  queues,
  identities,
  observer,
}: EventDestinationsDeps): (event: QueuedEvent, end: EventEnd) => Promise<void> {
  return createDestinations({
    ...{ store, observer, clock: Date.now },
    toResult: toInvokeResult,
    async mayRole(role, action, resource) {
      await identities.ready();
      return identities.mayRole(role, action, resource);
    },
    send,
  });

  async function send(arn: string, message: EventMessage): Promise<{ readonly refused?: string }> {
    const key = parseQueueArn(arn);
    if (key === undefined) return { refused: 'it is no ARN of a queue.' };
    const opened = await queues.get();
    try {
      await opened.send(key, [opened.prepare(key, message, key.accountId)]);
      return {};
    } catch (error) {
      // When there is no room now there may be some later.
      if (!(error instanceof QueueError) || error.code === 'OverLimit') throw error;
      return { refused: error.message };
    }
  }
}
