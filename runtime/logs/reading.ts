import { setImmediate as turn } from 'node:timers/promises';
import type { LogSpan, LogStore } from '../store/log-store.ts';
import { comparePositions, type LogEvent, type Position, toLogEvents } from './log-event.ts';

/** Which events of a group. */
export interface Selection {
  /** Epoch milliseconds, both included. */
  readonly from: number;
  readonly to: number;
  readonly isStream: (stream: string) => boolean;
  readonly isMessage: (message: string) => boolean;
}

/** What one reading may answer, and how far it may look for it. */
export interface ReadingLimits {
  readonly events: number;
  /** Of the messages, each with what an event counts for besides. */
  readonly bytes: number;
}

/** Events in the order in which they came, and where to go on; `isEnd`: there is nothing more now. */
export interface Reading {
  readonly events: readonly LogEvent[];
  readonly first: Position;
  readonly next: Position;
  readonly isEnd: boolean;
}

/** What an event counts for besides its message, in bytes, as AWS counts. */
export const EVENT_BYTES = 26;
/** One reading looks at this much, in bytes and in milliseconds: whoever asks goes on with the next. */
const SCANNED_BYTES = 16_777_216;
const SCANNED_MS = 1_000;
/** How long a reader holds up everybody else, in milliseconds. */
const TURN_MS = 5;

/** Reads what is at `start` and behind it. */
export async function readForward(
  store: LogStore,
  group: string,
  selection: Selection,
  { start, limits }: { readonly start: Position; readonly limits: ReadingLimits },
): Promise<Reading> {
  const spans = await store.spans(group);
  const budget = new Budget();
  const events: LogEvent[] = [];
  let bytes = 0;
  for (const span of spans) {
    if (span.place + span.bytes <= start.place || !mayHave(span, selection)) continue;
    if (!budget.allows(span)) return toReading(events, { start, next: { place: span.place, line: 0 }, isEnd: false });
    for (const event of await select(await store.read(group, span), selection)) {
      if (comparePositions(event, start) < 0) continue;
      bytes += sizeOf(event);
      if (events.length === limits.events || (bytes > limits.bytes && events.length > 0)) {
        return toReading(events, { start, next: event, isEnd: false });
      }
      events.push(event);
    }
  }
  const end = endOf(spans);
  return toReading(events, { start, next: comparePositions(end, start) < 0 ? start : end, isEnd: true });
}

/** Reads what is before `start`, the latest of it. */
export async function readBackward(
  store: LogStore,
  group: string,
  selection: Selection,
  { start, limits }: { readonly start: Position | undefined; readonly limits: ReadingLimits },
): Promise<Reading> {
  const spans = await store.spans(group);
  const before = start ?? endOf(spans);
  const budget = new Budget();
  const events: LogEvent[] = [];
  let bytes = 0;
  const answer = (first: Position, isEnd: boolean): Reading => ({
    ...{ events: events.reverse(), next: before, isEnd },
    first: { place: first.place, line: first.line },
  });
  for (const span of [...spans].reverse()) {
    if (span.place >= before.place || !mayHave(span, selection)) continue;
    if (!budget.allows(span)) return answer({ place: span.place + span.bytes, line: 0 }, false);
    for (const event of (await select(await store.read(group, span), selection)).reverse()) {
      if (comparePositions(event, before) >= 0) continue;
      bytes += sizeOf(event);
      if (events.length === limits.events || (bytes > limits.bytes && events.length > 0)) {
        return answer(events.at(-1) ?? before, false);
      }
      events.push(event);
    }
  }
  return answer(events.at(-1) ?? before, true);
}

/** By time; what came together stays in its order. */
export function byTime(events: readonly LogEvent[]): readonly LogEvent[] {
  return [...events].sort((a, b) => a.at - b.at || comparePositions(a, b));
}

class Budget {
  readonly #until = performance.now() + SCANNED_MS;
  #bytes = 0;

  /** True for the first span, however large it is. */
  allows({ bytes }: LogSpan): boolean {
    const isFirst = this.#bytes === 0;
    this.#bytes += bytes;
    return isFirst || (this.#bytes <= SCANNED_BYTES && performance.now() < this.#until);
  }
}

async function select(
  entries: Awaited<ReturnType<LogStore['read']>>,
  { from, to, isStream, isMessage }: Selection,
): Promise<LogEvent[]> {
  const found: LogEvent[] = [];
  let until = performance.now() + TURN_MS;
  for (const entry of entries) {
    if (performance.now() > until) {
      await turn();
      until = performance.now() + TURN_MS;
    }
    if (!isStream(entry.stream)) continue;
    for (const event of toLogEvents(entry)) {
      if (event.at >= from && event.at <= to && isMessage(event.message)) found.push(event);
    }
  }
  return found;
}

function mayHave({ from, to, streams }: LogSpan, selection: Selection): boolean {
  if (from > selection.to || to < selection.from) return false;
  for (const stream of streams) if (selection.isStream(stream)) return true;
  return false;
}

function toReading(
  events: readonly LogEvent[],
  {
    start,
    next: { place, line },
    isEnd,
  }: { readonly start: Position; readonly next: Position; readonly isEnd: boolean },
): Reading {
  return { events, first: events[0] ?? start, next: { place, line }, isEnd };
}

function endOf(spans: readonly LogSpan[]): Position {
  const last = spans.at(-1);
  return { place: last === undefined ? 0 : last.place + last.bytes, line: 0 };
}

function sizeOf({ message }: LogEvent): number {
  return Buffer.byteLength(message) + EVENT_BYTES;
}
