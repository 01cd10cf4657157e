import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import { decideAfter, decideBefore } from '../../runtime/triggers/retry-policy.ts';
import { queuedEvent } from '../conformance/event-queue.suite.ts';

const DEFAULTS = { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600, reserved: undefined };
const RECEIVED = 1_000_000;
const event = (more = {}) => queuedEvent(1, { receivedAt: RECEIVED, ...more });
const decide = (outcome: Outcome['kind'], more = {}, handling = DEFAULTS, now = RECEIVED) =>
  decideAfter(event(more), outcome, handling, { now, retryDelaysMs: [60_000, 120_000] });

describe('the rules of asynchronous invocations', () => {
  it('are done with what succeeded', () => {
    expect(decide('succeeded')).toEqual({ kind: 'finished', ending: 'Success' });
  });

  it.each(['function-error', 'timed-out', 'out-of-memory'] as const)(
    'try again after a minute and after two what ended as %s, and no more',
    (outcome) => {
      const again = (failures: number, delay: number) => ({
        kind: 'again',
        progress: { id: 1, failures, throttles: 0, dueAt: RECEIVED + delay },
      });
      expect(decide(outcome)).toEqual(again(1, 60_000));
      expect(decide(outcome, { failures: 1 })).toEqual(again(2, 120_000));
      expect(decide(outcome, { failures: 2 })).toEqual({ kind: 'finished', ending: 'RetriesExhausted' });
    },
  );

  it('try again as often as is configured', () => {
    const none = { ...DEFAULTS, maximumRetryAttempts: 0 };
    expect(decide('function-error', {}, none)).toEqual({ kind: 'finished', ending: 'RetriesExhausted' });
  });

  it.each(['refused', 'crashed'] as const)('back off from a second to five minutes from what was %s', (outcome) => {
    const delays = [0, 1, 2, 3, 8, 9, 200].map((throttles) => {
      const decision = decide(outcome, { throttles, failures: 2 });
      return decision.kind === 'again' ? decision.progress.dueAt - RECEIVED : undefined;
    });
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 256_000, 300_000, 300_000]);
  });

  it('wait no longer than until an event is too old', () => {
    const brief = { ...DEFAULTS, maximumEventAgeSeconds: 60 };
    const now = RECEIVED + 59_500;
    for (const outcome of ['refused', 'function-error'] as const) {
      expect(decide(outcome, {}, brief, now)).toMatchObject({ progress: { dueAt: RECEIVED + 60_000 } });
    }
    expect(decideBefore(event(), brief, RECEIVED + 59_999)).toBeUndefined();
    expect(decideBefore(event(), brief, RECEIVED + 60_000)).toBe('EventAgeExceeded');
  });

  it('give up at once on functions that may not run', () => {
    expect(decideBefore(event(), { ...DEFAULTS, reserved: 0 }, RECEIVED)).toBe('RetriesExhausted');
    expect(decideBefore(event(), { ...DEFAULTS, reserved: 1 }, RECEIVED)).toBeUndefined();
  });
});
