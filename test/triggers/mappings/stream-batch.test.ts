import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Outcome } from '../../../runtime/contract/outcome.ts';
import type { EventSourceSettings } from '../../../runtime/store/event-source-record.ts';
import { type Discarded, runStreamBatch, type WaitingRecord } from '../../../runtime/triggers/mappings/stream-batch.ts';
import { answered, createTarget, FAILED, failing, REFUSED, settle } from './target.ts';

const NOW = 1_700_000_000_000;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Records with sequence numbers from one on; the first ones are the oldest. */
const records = (count: number, secondsOld = 0): readonly WaitingRecord[] =>
  Array.from({ length: count }, (_, at) => ({
    ...{ sequenceNumber: String(at + 1), key: 'k', arrivedAt: NOW - secondsOld * 1_000, readAt: NOW },
    ...{ json: `{"n":"${at + 1}"}`, bytes: 9 },
  }));

/** Runs a batch before a function that ends as `outcome` says of the numbers it gets; tells what was called, handled and given up. */
function run(
  batch: readonly WaitingRecord[],
  settings: EventSourceSettings,
  outcome: (numbers: readonly string[], call: number) => Outcome,
) {
  const stopping = new AbortController();
  const calls: string[] = [];
  const handled: string[] = [];
  const discarded: Pick<Discarded, 'condition' | 'invokeCount'>[] = [];
  const given: string[] = [];
  const results: string[] = [];
  const numbersOf = (some: readonly WaitingRecord[]) => some.map(({ sequenceNumber }) => sequenceNumber);
  const target = createTarget(({ Records }) => {
    const numbers = Records.map(({ n }) => String(n));
    calls.push(numbers.join());
    return outcome(numbers, calls.length);
  });
  const done = runStreamBatch(batch, {
    ...{ settings, target, clock: Date.now, signal: stopping.signal },
    toEvent: (some) => Buffer.from(`{"Records":[${some.map(({ json }) => json).join()}]}`),
    answered: () => undefined,
    handled: (some) => void handled.push(...numbersOf(some)),
    async discard({ records: some, condition, invokeCount }) {
      given.push(...numbersOf(some));
      discarded.push({ condition, invokeCount });
    },
    report: (result) => void results.push(result),
  });
  return { done, calls, handled, discarded, given, results, stopping };
}

async function pass(milliseconds: number): Promise<void> {
  await settle();
  await vi.advanceTimersByTimeAsync(milliseconds);
  await settle();
}

const poisoned = (numbers: readonly string[]): Outcome => (numbers.includes('3') ? FAILED : answered(null));

describe('a batch of a stream', () => {
  it('is handled when the function succeeds', async () => {
    const { done, calls, handled, results } = run(records(3), {}, () => answered(null));
    await done;
    expect({ calls, handled, results }).toEqual({ calls: ['1,2,3'], handled: ['1', '2', '3'], results: ['OK'] });
  });

  it('is tried again for ever where nothing says otherwise, with longer and longer pauses', async () => {
    const { calls, handled, discarded, stopping, done } = run(records(2), {}, () => FAILED);
    await pass(60_000);
    expect(calls.length).toBeGreaterThan(8);
    expect(calls.length).toBeLessThan(20);
    expect([handled, discarded]).toEqual([[], []]);
    stopping.abort();
    await done;
  });

  it('is given up after so many retries', async () => {
    const { calls, handled, discarded } = run(records(2), { MaximumRetryAttempts: 2 }, () => FAILED);
    await pass(10_000);
    expect(calls).toEqual(['1,2', '1,2', '1,2']);
    expect(discarded).toEqual([{ condition: 'RetryAttemptsExhausted', invokeCount: 3 }]);
    expect(handled).toEqual(['1', '2']);
  });

  it('is halved around a poison record, in order, and halving is no retry', async () => {
    const settings = { BisectBatchOnFunctionError: true, MaximumRetryAttempts: 0 };
    const { calls, handled, given } = run(records(5), settings, poisoned);
    await pass(10_000);
    expect(calls).toEqual(['1,2,3,4,5', '1,2,3', '1,2', '3', '4,5']);
    expect(handled).toEqual(['1', '2', '3', '4', '5']);
    expect(given).toEqual(['3']);
  });

  it('goes on at the lowest record that is reported', async () => {
    const settings = { FunctionResponseTypes: ['ReportBatchItemFailures'], MaximumRetryAttempts: 1 };
    const { calls, handled, given } = run(records(5), settings, (numbers) =>
      numbers.includes('3') ? failing(...['5', '3']) : answered(null),
    );
    await pass(10_000);
    expect(calls).toEqual(['1,2,3,4,5', '3,4,5']);
    expect(handled).toEqual(['1', '2', '3', '4', '5']);
    expect(given).toEqual(['3', '4', '5']);
  });

  it('is cut at the record that is reported, and then halved, where it is told to do both', async () => {
    const settings: EventSourceSettings = {
      ...{ FunctionResponseTypes: ['ReportBatchItemFailures'] },
      ...{ MaximumRetryAttempts: 0, BisectBatchOnFunctionError: true },
    };
    const { calls, given } = run(records(5), settings, (numbers) =>
      numbers.includes('3') ? failing('3') : answered(null),
    );
    await pass(10_000);
    expect(calls).toEqual(['1,2,3,4,5', '3,4,5', '3,4', '3', '4', '5']);
    expect(given).toEqual(['3']);
  });

  it('is tried again whole when the answer cannot be read', async () => {
    const settings = { FunctionResponseTypes: ['ReportBatchItemFailures'], MaximumRetryAttempts: 0 };
    const { handled, given } = run(records(2), settings, () => failing('of another batch'));
    await pass(1_000);
    expect([handled, given]).toEqual([
      ['1', '2'],
      ['1', '2'],
    ]);
  });

  it('does not count throttles as failures', async () => {
    const { calls, handled, given } = run(records(1), { MaximumRetryAttempts: 0 }, (_numbers, call) =>
      call < 5 ? REFUSED : answered(null),
    );
    await pass(60_000);
    expect({ calls: calls.length, handled, given }).toEqual({ calls: 5, handled: ['1'], given: [] });
  });

  it('is given up without a call when it is too old', async () => {
    const { calls, discarded, given } = run(records(2, 61), { MaximumRecordAgeInSeconds: 60 }, () => answered(null));
    await pass(0);
    expect(calls).toEqual([]);
    expect(discarded).toEqual([{ condition: 'RecordAgeExpired', invokeCount: 0 }]);
    expect(given).toEqual(['1', '2']);
  });

  it('is given up when it becomes too old while it fails', async () => {
    const { calls, discarded } = run(records(1, 50), { MaximumRecordAgeInSeconds: 60 }, () => FAILED);
    await pass(30_000);
    expect(discarded).toEqual([{ condition: 'RecordAgeExpired', invokeCount: calls.length }]);
  });

  it('is left to the next reader when it is stopped between two tries', async () => {
    const { done, handled, given, stopping } = run(records(2), { MaximumRetryAttempts: 1 }, () => FAILED);
    await settle();
    stopping.abort();
    await done;
    expect([handled, given]).toEqual([[], []]);
  });
});
