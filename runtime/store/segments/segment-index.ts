import type { LogSpan, StreamSummary } from '../log-store.ts';
import { type Frame, readFrames } from './frame.ts';

/** A span gets no further frame when it has this many bytes. */
const SPAN_BYTES = 65_536;

interface Written {
  readonly bytes: number;
  readonly begunAt: number;
  readonly endedAt: number;
  readonly spans: readonly (readonly [number, number, number | null, number | null, readonly string[]])[];
  readonly streams: readonly (readonly [string, StreamSummary])[];
  readonly deleted: readonly (readonly [string, number])[];
}

/** What is in a segment, and where. */
export class SegmentIndex {
  readonly spans: LogSpan[] = [];
  /** Those that were not deleted in it at last. */
  readonly streams: Map<string, StreamSummary> = new Map();
  /** Streams that were deleted in it, and what was deleted: all before this place. */
  readonly deleted: Map<string, number> = new Map();
  bytes = 0;
  /** When its first and its last frame came; 0 while it has none. */
  begunAt = 0;
  endedAt = 0;

  /** Reads frames as far as they are whole. */
  static scan(buffer: Buffer, start: number): SegmentIndex {
    const index = new SegmentIndex();
    for (const frame of readFrames(buffer)) index.add(frame, start + frame.offset, frame.body.end - frame.offset);
    return index;
  }

  /** Undefined when it is not what `toJson` made of a segment of this size that begins at this place. */
  static parse(
    text: string,
    { start, bytes }: { readonly start: number; readonly bytes: number },
  ): SegmentIndex | undefined {
    try {
      const written = JSON.parse(text) as Written;
      if (written.bytes !== bytes) return undefined;
      const index = new SegmentIndex();
      index.bytes = bytes;
      index.begunAt = written.begunAt;
      index.endedAt = written.endedAt;
      let place = start;
      for (const [at, size, from, to, names] of written.spans) {
        if (at !== place || !Number.isSafeInteger(size) || size <= 0) return undefined;
        const times = { from: from ?? Number.POSITIVE_INFINITY, to: to ?? Number.NEGATIVE_INFINITY };
        index.spans.push({ place, bytes: size, ...times, streams: new Set(names) });
        place += size;
      }
      if (place !== start + bytes) return undefined;
      for (const [name, summary] of written.streams) index.streams.set(name, summary);
      for (const [name, place] of written.deleted) index.deleted.set(name, place);
      return index;
    } catch {
      return undefined;
    }
  }

  toJson(): string {
    const written: Written = {
      ...{ bytes: this.bytes, begunAt: this.begunAt, endedAt: this.endedAt },
      spans: this.spans.map(({ place, bytes, from, to, streams }) => [place, bytes, from, to, [...streams]]),
      streams: [...this.streams],
      deleted: [...this.deleted],
    };
    return JSON.stringify(written);
  }

  /** The latest time in it, and of its coming. */
  get to(): number {
    return this.spans.reduce((latest, { to }) => Math.max(latest, to), this.endedAt);
  }

  add(frame: Pick<Frame, 'kind' | 'stream' | 'from' | 'to' | 'at'>, place: number, bytes: number): void {
    this.bytes += bytes;
    this.begunAt ||= frame.at;
    this.endedAt = frame.at;
    this.#addSpan(frame, place, bytes);
    const { stream, kind, at } = frame;
    if (kind === 'deleted') {
      this.streams.delete(stream);
      this.deleted.set(stream, place);
      return;
    }
    const known = this.streams.get(stream) ?? { createdAt: at };
    this.streams.set(stream, kind === 'created' ? known : withEvents(known, frame));
  }

  #addSpan({ kind, stream, ...frame }: Parameters<SegmentIndex['add']>[0], place: number, bytes: number): void {
    const last = this.spans.at(-1);
    const times = kind === 'entries' ? frame : { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };
    if (last === undefined || last.bytes >= SPAN_BYTES) {
      this.spans.push({ place, bytes, from: times.from, to: times.to, streams: new Set([stream]) });
      return;
    }
    this.spans[this.spans.length - 1] = {
      place: last.place,
      bytes: last.bytes + bytes,
      from: Math.min(last.from, times.from),
      to: Math.max(last.to, times.to),
      streams: last.streams.has(stream) ? last.streams : new Set([...last.streams, stream]),
    };
  }
}

/** What two segments know of a stream, the older one first. */
export function joinSummaries(older: StreamSummary | undefined, newer: StreamSummary): StreamSummary {
  if (older === undefined) return newer;
  const { firstAt, lastAt, cameAt } = newer;
  if (firstAt === undefined || lastAt === undefined || cameAt === undefined) return older;
  return withEvents(older, { from: firstAt, to: lastAt, at: cameAt });
}

function withEvents(
  { createdAt, firstAt, lastAt }: StreamSummary,
  { from, to, at }: { readonly from: number; readonly to: number; readonly at: number },
): StreamSummary {
  return { createdAt, firstAt: Math.min(firstAt ?? from, from), lastAt: Math.max(lastAt ?? to, to), cameAt: at };
}
