import type { AsyncEnding } from '../contract/async-invocation.ts';
import type { Outcome } from '../contract/outcome.ts';
import type { EventHandling } from '../registry/event-invoke-configs.ts';
import type { EventProgress, QueuedEvent } from '../store/event-queue.ts';

/** What becomes of an event after an attempt. */
export type Decision =
  | { readonly kind: 'finished'; readonly ending: AsyncEnding }
  | { readonly kind: 'again'; readonly progress: EventProgress };

const FIRST_BACKOFF_MS = 1_000;
const LAST_BACKOFF_MS = 300_000;

/** Lambda's rules before an attempt: undefined when the event may run. */
export function decideBefore(event: QueuedEvent, handling: EventHandling, now: number): AsyncEnding | undefined {
  if (now >= deadlineOf(event, handling)) return 'EventAgeExceeded';
  return handling.reserved === 0 ? 'RetriesExhausted' : undefined;
}

/**
 * Lambda's rules after one: the function's own failures are tried again a few times, `retryDelaysMs` apart; throttles and
 * failures of the platform as long as the event is not too old, at growing intervals.
 */
export function decideAfter(
  event: QueuedEvent,
  outcome: Outcome['kind'],
  handling: EventHandling,
  { now, retryDelaysMs }: { readonly now: number; readonly retryDelaysMs: readonly number[] },
): Decision {
  const { id, failures, throttles } = event;
  switch (outcome) {
    case 'succeeded':
      return { kind: 'finished', ending: 'Success' };
    case 'function-error':
    case 'timed-out':
    case 'out-of-memory': {
      if (failures >= handling.maximumRetryAttempts) return { kind: 'finished', ending: 'RetriesExhausted' };
      const delay = retryDelaysMs[failures] ?? retryDelaysMs.at(-1) ?? 0;
      const dueAt = Math.min(now + delay, deadlineOf(event, handling));
      return { kind: 'again', progress: { id, failures: failures + 1, throttles, dueAt } };
    }
    case 'refused':
    case 'crashed': {
      const backoff = Math.min(FIRST_BACKOFF_MS * 2 ** throttles, LAST_BACKOFF_MS);
      const dueAt = Math.min(now + backoff, deadlineOf(event, handling));
      const progress = { id, failures, throttles: throttles + 1, dueAt };
      return { kind: 'again', progress };
    }
  }
}

function deadlineOf({ receivedAt }: QueuedEvent, { maximumEventAgeSeconds }: EventHandling): number {
  return receivedAt + maximumEventAgeSeconds * 1000;
}
