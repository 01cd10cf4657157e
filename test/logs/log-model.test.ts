import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toTextEntry } from '../../runtime/events/log-text.ts';
import type { Position } from '../../runtime/logs/log-event.ts';
import { byTime, type Reading, readBackward, readForward, type Selection } from '../../runtime/logs/reading.ts';
import type { LogStore } from '../../runtime/store/log-store.ts';
import { SegmentLogStore } from '../../runtime/store/segments/segment-log-store.ts';

/** Small, so that what is put takes several segments. */
const MOST_BYTES = 400_000;
const START: Position = { place: 0, line: 0 };

interface Event {
  readonly stream: string;
  readonly at: number;
  readonly message: string;
}

const stream = fc.constantFrom('a', 'b', 'c');
const time = fc.integer({ min: 0, max: 50 });
const operation = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      stream,
      times: fc.array(time, { minLength: 1, maxLength: 4 }),
      size: fc.constantFrom(0, 3_000, 12_000),
    }),
  },
  fc.record({ deleted: stream }),
  fc.constant('reopened' as const),
);
const question = fc.record({
  streams: fc.subarray(['a', 'b', 'c'], { minLength: 1 }),
  from: time,
  to: time,
  wants: fc.constantFrom('', '1', '7'),
  limit: fc.integer({ min: 1, max: 9 }),
});

it('shows each event that there is once, in pages of any size, from either end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 25 }), fc.array(question, { minLength: 1, maxLength: 4 }), check),
    { numRuns: 60, seed: 1 },
  );
}, 120_000);

async function check(
  operations: readonly (typeof operation extends fc.Arbitrary<infer Value> ? Value : never)[],
  questions: readonly (typeof question extends fc.Arbitrary<infer Value> ? Value : never)[],
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'isola-logs-'));
  let store = await SegmentLogStore.open(directory, MOST_BYTES);
  let model: Event[] = [];
  let count = 0;
  try {
    for (const each of operations) {
      if (each === 'reopened') {
        await store.close();
        store = await SegmentLogStore.open(directory, MOST_BYTES);
      } else if ('deleted' in each) {
        await store.deleteStream('g', each.deleted, 0);
        model = model.filter((event) => event.stream !== each.deleted);
      } else {
        const events = each.times.map((at) => ({ ...each, at, message: `${count++} ${'x'.repeat(each.size)}` }));
        model.push(...events);
        await store.append('g', {
          ...{ stream: each.stream, at: 0, entries: events.map(({ at, message }) => toTextEntry(at, message)) },
          ...{ from: Math.min(...each.times), to: Math.max(...each.times) },
        });
      }
    }
    for (const { streams, from, to, wants, limit } of questions) {
      const selection: Selection = {
        ...{ from, to, isStream: (name) => streams.includes(name) },
        isMessage: (message) => message.includes(wants),
      };
      const expected = model
        .filter((event) => event.at >= from && event.at <= to && selection.isStream(event.stream))
        .map(({ message }) => message)
        .filter(selection.isMessage);
      expect(await readAll(store, selection, limit)).toEqual(expected);
      expect(await readAllBack(store, selection, limit)).toEqual(expected);
    }
  } finally {
    await store.close();
    rmSync(directory, { recursive: true });
  }
}

async function readAll(store: LogStore, selection: Selection, events: number): Promise<string[]> {
  const found: string[] = [];
  let page: Reading | undefined;
  do {
    const start: Position = page?.next ?? START;
    page = await readForward(store, 'g', selection, { start, limits: { events, bytes: 20_000 } });
    assertPage(page, events);
    found.push(...page.events.map(({ message }) => message));
  } while (!page.isEnd);
  const rest = await readForward(store, 'g', selection, { start: page.next, limits: { events, bytes: 20_000 } });
  expect([rest.events, rest.next]).toEqual([[], page.next]);
  return found;
}

async function readAllBack(store: LogStore, selection: Selection, events: number): Promise<string[]> {
  const found: string[] = [];
  let page: Reading | undefined;
  do {
    page = await readBackward(store, 'g', selection, { start: page?.first, limits: { events, bytes: 20_000 } });
    assertPage(page, events);
    found.unshift(...page.events.map(({ message }) => message));
    // What is between the ends of a page is the page.
    const again = await readForward(store, 'g', selection, { start: page.first, limits: { events, bytes: 1_000_000 } });
    expect(again.events.slice(0, page.events.length)).toEqual(page.events);
  } while (!page.isEnd);
  return found;
}

function assertPage({ events }: Reading, limit: number): void {
  expect(events.length).toBeLessThanOrEqual(limit);
  const times = byTime(events).map(({ at }) => at);
  expect(times).toEqual([...times].sort((a, b) => a - b));
}
