import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Outcome } from '../../../runtime/contract/outcome.ts';
import type { EventSourceSettings } from '../../../runtime/store/event-source-record.ts';
import { ShardLane } from '../../../runtime/triggers/mappings/shard-lane.ts';
import { answered, createTarget, FAILED, settle } from './target.ts';

/** The beginning of a minute. */
const NOW = 1_700_000_040_000;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: NOW });
});
const stopping: AbortController[] = [];
afterEach(() => {
  for (const each of stopping.splice(0)) each.abort();
  vi.useRealTimers();
});

interface Seen {
  readonly numbers: string;
  readonly window?: { readonly start: string; readonly end: string };
  readonly state?: unknown;
  readonly isFinalInvokeForWindow?: boolean;
  readonly isWindowTerminatedEarly?: boolean;
}

/** A lane before a function that ends as `outcome` says; tells what the function saw. */
function create(
  settings: EventSourceSettings,
  outcome: (seen: Seen, call: number) => Outcome = () => answered(null),
  window?: { readonly start: number; readonly state: unknown },
) {
  const controller = new AbortController();
  stopping.push(controller);
  const seen: Seen[] = [];
  const handled: string[] = [];
  const target = createTarget(({ Records, ...members }) => {
    const each = { ...members, numbers: Records.map(({ n }) => n).join() };
    seen.push(each);
    return outcome(each, seen.length);
  });
  const lane = new ShardLane({
    ...{ settings, target, window, clock: Date.now, signal: controller.signal, arn: 'arn', shardId: 'shardId-0' },
    handled: (records) => void handled.push(...records.map(({ sequenceNumber }) => sequenceNumber)),
    discard: async () => undefined,
    report: () => undefined,
  });
  const push = (sequenceNumber: string, { arrivedAt = Date.now(), bytes = 10 } = {}) =>
    lane.push({
      ...{ sequenceNumber, key: 'k', arrivedAt, readAt: Date.now(), bytes },
      json: `{"n":"${sequenceNumber}"}`,
    });
  return { lane, seen, handled, push, numbers: () => seen.map((each) => each.numbers) };
}

async function pass(milliseconds: number): Promise<void> {
  await settle();
  await vi.advanceTimersByTimeAsync(milliseconds);
  await settle();
}

describe('a lane of a shard', () => {
  it('brings what there is, and while that runs gathers the next batch', async () => {
    const { push, numbers } = create({ BatchSize: 3 });
    push('1');
    await settle();
    for (const each of ['2', '3', '4', '5', '6']) push(each);
    await settle();
    expect(numbers()).toEqual(['1', '2,3,4', '5,6']);
  });

  it('waits for its window, or for a batch to be full', async () => {
    const { push, numbers } = create({ BatchSize: 3, MaximumBatchingWindowInSeconds: 5 });
    push('1');
    await pass(3_000);
    push('2');
    await pass(1_000);
    expect(numbers()).toEqual([]);
    await pass(1_000);
    expect(numbers()).toEqual(['1,2']);
    for (const each of ['3', '4', '5']) push(each);
    await settle();
    expect(numbers()).toEqual(['1,2', '3,4,5']);
  });

  it('makes no event larger than a function takes', async () => {
    const { push, numbers } = create({ BatchSize: 100 });
    const bytes = 2_500_000;
    push('1');
    await settle();
    for (const each of ['2', '3', '4', '5']) push(each, { bytes });
    await settle();
    expect(numbers()).toEqual(['1', '2,3', '4,5']);
  });

  it('brings what is left when the shard ends', async () => {
    const { lane, push, numbers } = create({ BatchSize: 100, MaximumBatchingWindowInSeconds: 300 });
    push('1');
    await settle();
    await lane.finish();
    expect(numbers()).toEqual(['1']);
  });

  it('carries the state of a window on, and ends it when records of the next one come', async () => {
    const { push, seen, lane } = create({ BatchSize: 2, TumblingWindowInSeconds: 10 }, ({ state, numbers }) => {
      const { count = 0 } = state as { count?: number };
      return answered({ state: { count: count + numbers.split(',').filter(Boolean).length } });
    });
    for (const each of ['1', '2', '3']) push(each);
    await settle();
    expect(lane.window).toEqual({ start: NOW, state: { count: 3 } });
    push('4', { arrivedAt: NOW + 10_000 });
    await settle();
    const first = { start: '2023-11-14T22:14:00Z', end: '2023-11-14T22:14:10Z' };
    const second = { start: '2023-11-14T22:14:10Z', end: '2023-11-14T22:14:20Z' };
    const open = {
      shardId: 'shardId-0',
      eventSourceARN: 'arn',
      isFinalInvokeForWindow: false,
      isWindowTerminatedEarly: false,
    };
    expect(seen).toEqual([
      { numbers: '1,2', window: first, state: {}, ...open },
      { numbers: '3', window: first, state: { count: 2 }, ...open },
      { numbers: '', window: first, state: { count: 3 }, ...open, isFinalInvokeForWindow: true },
      { numbers: '4', window: second, state: {}, ...open },
    ]);
  });

  it('ends a window when the shard is read beyond it, once', async () => {
    const { push, seen, lane } = create({ TumblingWindowInSeconds: 10 }, () => answered({ state: { a: 1 } }));
    push('1');
    await settle();
    lane.readThrough(NOW + 10_500);
    await settle();
    expect(seen.length).toBe(1);
    lane.readThrough(NOW + 11_000);
    lane.readThrough(NOW + 12_000);
    await settle();
    expect(seen.map(({ isFinalInvokeForWindow }) => isFinalInvokeForWindow)).toEqual([false, true]);
    expect(lane.window).toBeUndefined();
  });

  it('goes on with the window of a process before', async () => {
    const window = { start: NOW - 10_000, state: { count: 7 } };
    const { seen, lane } = create({ TumblingWindowInSeconds: 10 }, () => answered({ state: {} }), window);
    lane.readThrough(NOW + 1_000);
    await settle();
    expect(seen).toMatchObject([{ state: { count: 7 }, isFinalInvokeForWindow: true }]);
  });

  it('ends a window early whose state is too large', async () => {
    const { push, seen, lane } = create({ TumblingWindowInSeconds: 10 }, (_seen, call) =>
      answered({ state: call === 1 ? { text: 'x'.repeat(1_048_576) } : {} }),
    );
    push('1');
    await settle();
    expect(seen.map(({ isWindowTerminatedEarly }) => isWindowTerminatedEarly)).toEqual([false, true]);
    expect(lane.window).toBeUndefined();
  });

  it('ends a window again when that fails', async () => {
    const { push, seen, lane } = create({ TumblingWindowInSeconds: 10 }, (_seen, call) =>
      call === 2 ? FAILED : answered({ state: {} }),
    );
    push('1');
    await settle();
    void lane.finish();
    await pass(1_000);
    expect(seen.map(({ isFinalInvokeForWindow }) => isFinalInvokeForWindow)).toEqual([false, true, true]);
  });
});
