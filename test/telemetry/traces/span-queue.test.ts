import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Span } from '../../../runtime/telemetry/traces/span.ts';
import { SpanQueue } from '../../../runtime/telemetry/traces/span-queue.ts';

const span = (name: string): Span => ({
  ...{ traceId: '5759e988bd862e3fe1be46a994272793', spanId: '53995c3f42cd8ad8', name, kind: 'internal' },
  ...{ from: 1, to: 2, attributes: {} },
});

/** A collector that answers when the test says so. */
function create(limits: { readonly mostSpans: number; readonly batchSpans: number }) {
  const batches: string[][] = [];
  const answers: ((isTaken: boolean) => void)[] = [];
  const queue = new SpanQueue({
    ...limits,
    delayMs: 1_000,
    send: (spans, signal) =>
      new Promise((resolve) => {
        batches.push(spans.map(({ name }) => name));
        answers.push(resolve);
        signal.addEventListener('abort', () => resolve(false));
      }),
  });
  const answer = async (isTaken: boolean): Promise<void> => {
    answers.shift()?.(isTaken);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { queue, batches, answer };
}

describe('spans on their way out', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('wait for others, but not long', async () => {
    const { queue, batches } = create({ mostSpans: 10, batchSpans: 5 });
    queue.add(span('a'));
    await vi.advanceTimersByTimeAsync(500);
    queue.add(span('b'));
    expect(batches).toEqual([]);
    await vi.advanceTimersByTimeAsync(500);
    expect(batches).toEqual([['a', 'b']]);
  });

  it('go at once when they fill a batch, one batch after another', async () => {
    const { queue, batches, answer } = create({ mostSpans: 10, batchSpans: 2 });
    for (const name of 'abcde') queue.add(span(name));
    expect(batches).toEqual([['a', 'b']]);
    await answer(true);
    expect(batches).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    await answer(false);
    expect(queue.counts).toEqual({ exported: 2, dropped: 0, failed: 2 });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(batches.at(-1)).toEqual(['e']);
  });

  it('are dropped and counted when there is no room, those that are being sent included', async () => {
    const { queue, batches, answer } = create({ mostSpans: 4, batchSpans: 2 });
    for (const name of 'abcdef') queue.add(span(name));
    expect(queue.counts.dropped).toBe(2);
    await answer(true);
    await answer(true);
    queue.add(span('g'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(batches.flat().join('')).toBe('abcdg');
  });

  it('all go when the process ends', async () => {
    const { queue, batches, answer } = create({ mostSpans: 10, batchSpans: 2 });
    for (const name of 'abcde') queue.add(span(name));
    const closed = queue.close(5_000);
    for (let batch = 0; batch < 3; batch++) await answer(true);
    await closed;
    expect(batches.flat().join('')).toBe('abcde');
    expect(queue.counts).toEqual({ exported: 5, dropped: 0, failed: 0 });
    queue.add(span('late'));
    expect(queue.counts.dropped).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are given up when the collector does not answer the end of the process in time', async () => {
    const { queue } = create({ mostSpans: 10, batchSpans: 2 });
    for (const name of 'abcde') queue.add(span(name));
    const closed = queue.close(5_000);
    await vi.advanceTimersByTimeAsync(5_000);
    await closed;
    expect(queue.counts).toEqual({ exported: 0, dropped: 3, failed: 2 });
    expect(vi.getTimerCount()).toBe(0);
  });
});
