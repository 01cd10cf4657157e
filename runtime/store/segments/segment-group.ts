import { appendFile, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toStorageError } from '../disk.ts';
import type { LogSpan, StoredEntry, StreamSummary } from '../log-store.ts';
import { type Frame, readEntries, readFrames } from './frame.ts';
import { joinSummaries, SegmentIndex } from './segment-index.ts';

/** A file of a group: `{start}.log`, and beside it `{start}.idx` when nothing is added to it any more. */
interface Segment {
  /** The place of its first byte. */
  readonly start: number;
  bytes: number;
  index: SegmentIndex | undefined;
}

/** A segment of a quiet group is ended after this long, in milliseconds, so that what is old can go. */
const SEGMENT_MS = 86_400_000;
const DIGITS = 16;

/** One group's segments, the oldest first. Changes are to be asked for one after another. */
export class SegmentGroup {
  readonly #directory: string;
  readonly #segmentBytes: number;
  readonly #segments: Segment[];

  constructor(directory: string, segmentBytes: number, segments: readonly Segment[]) {
    this.#directory = directory;
    this.#segmentBytes = segmentBytes;
    this.#segments = [...segments];
  }

  /** Looks at the sizes of the files only. */
  static async open(directory: string, segmentBytes: number): Promise<SegmentGroup> {
    const names = (await readdir(directory)).filter((name) => /^\d{16}\.log$/.test(name)).sort();
    const segments: Segment[] = [];
    for (const name of names) {
      const { size: bytes } = await stat(join(directory, name));
      segments.push({ start: Number(name.slice(0, DIGITS)), bytes, index: undefined });
    }
    return new SegmentGroup(directory, segmentBytes, segments);
  }

  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Answers the place of its first byte. */
  async append(frame: Pick<Frame, 'kind' | 'stream' | 'from' | 'to' | 'at'>, bytes: Buffer): Promise<number> {
    const segment = await this.#writable(frame.at);
    const index = segment.index as SegmentIndex;
    const path = this.#pathOf(segment);
    try {
      await appendFile(path, bytes, { mode: 0o600 });
    } catch (error) {
      await truncate(path, segment.bytes).catch(() => undefined);
      throw toStorageError(error);
    }
    const place = segment.start + segment.bytes;
    index.add(frame, place, bytes.byteLength);
    segment.bytes += bytes.byteLength;
    return place;
  }

  async sync(): Promise<void> {
    const last = this.#segments.at(-1);
    if (last === undefined) return;
    const file = await open(this.#pathOf(last), 'r+');
    await file.datasync().finally(() => file.close());
  }

  async spans(): Promise<readonly LogSpan[]> {
    const spans = (await this.#indexes()).flatMap((index) => index.spans);
    return spans.length > 0 ? spans : [{ place: this.#end, bytes: 0, from: 1, to: 0, streams: new Set() }];
  }

  async hasStream(name: string): Promise<boolean> {
    const newest = (await this.#indexes()).findLast(({ streams, deleted }) => streams.has(name) || deleted.has(name));
    return newest?.streams.has(name) ?? false;
  }

  async countStreams(): Promise<number> {
    return (await this.#indexes()).reduce((sum, { streams }) => sum + streams.size, 0);
  }

  async streams(): Promise<ReadonlyMap<string, StreamSummary>> {
    const streams = new Map<string, StreamSummary>();
    for (const index of await this.#indexes()) {
      for (const name of index.deleted.keys()) streams.delete(name);
      for (const [name, summary] of index.streams) streams.set(name, joinSummaries(streams.get(name), summary));
    }
    return streams;
  }

  async read({ place, bytes }: LogSpan): Promise<readonly StoredEntry[]> {
    const segment = this.#segments.findLast(({ start }) => start <= place);
    if (segment === undefined || bytes === 0) return [];
    const deleted = new Map((await this.#indexes()).flatMap((index) => [...index.deleted]));
    const buffer = await readPart(this.#pathOf(segment), place - segment.start, bytes);
    const entries: StoredEntry[] = [];
    for (const frame of readFrames(buffer)) {
      if (place + frame.offset >= (deleted.get(frame.stream) ?? 0)) entries.push(...readEntries(buffer, frame, place));
    }
    return entries;
  }

  /** Removes the oldest segment, also the one that is being written; answers how many bytes that made free. */
  async removeOldest(): Promise<number> {
    if (this.#segments.length === 1) await this.#begin();
    const segment = this.#segments.shift();
    if (segment === undefined) return 0;
    const path = this.#pathOf(segment);
    await rm(path, { force: true });
    await rm(toIndexPath(path), { force: true });
    return segment.bytes;
  }

  /** Removes segments that have nothing since `before`; answers how many bytes that made free. */
  async expire(before: number): Promise<number> {
    let free = 0;
    for (const { to, bytes } of await this.#indexes()) {
      if (bytes === 0 || to >= before) break;
      free += await this.removeOldest();
    }
    return free;
  }

  get #end(): number {
    const last = this.#segments.at(-1);
    return last === undefined ? 0 : last.start + last.bytes;
  }

  async #writable(now: number): Promise<Segment> {
    const index = (await this.#indexes()).at(-1);
    const last = this.#segments.at(-1);
    if (last === undefined || index === undefined) return this.#begin();
    const isOver = index.begunAt > 0 && now - index.begunAt > SEGMENT_MS;
    if (last.bytes < this.#segmentBytes && !isOver) return last;
    await writeFile(toIndexPath(this.#pathOf(last)), index.toJson(), { mode: 0o600 });
    return this.#begin();
  }

  async #begin(): Promise<Segment> {
    const segment = { start: this.#end, bytes: 0, index: new SegmentIndex() };
    await writeFile(this.#pathOf(segment), '', { mode: 0o600 });
    this.#segments.push(segment);
    return segment;
  }

  async #indexes(): Promise<readonly SegmentIndex[]> {
    const indexes: SegmentIndex[] = [];
    for (const segment of [...this.#segments]) {
      segment.index ??= await this.#load(segment);
      indexes.push(segment.index);
    }
    return indexes;
  }

  /** What a crash left half written is cut off. */
  async #load(segment: Segment): Promise<SegmentIndex> {
    const path = this.#pathOf(segment);
    const written = await readFile(toIndexPath(path), 'utf8').catch(() => '');
    const known = SegmentIndex.parse(written, segment);
    if (known !== undefined) return known;
    const index = SegmentIndex.scan(await readPart(path, 0, segment.bytes), segment.start);
    if (index.bytes < segment.bytes) {
      await truncate(path, index.bytes);
      segment.bytes = index.bytes;
    }
    return index;
  }

  #pathOf({ start }: Pick<Segment, 'start'>): string {
    return join(this.#directory, `${String(start).padStart(DIGITS, '0')}.log`);
  }
}

function toIndexPath(path: string): string {
  return path.replace(/\.log$/, '.idx');
}

/** What there is of it: nothing of a file that was removed meanwhile. */
async function readPart(path: string, offset: number, bytes: number): Promise<Buffer> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return Buffer.alloc(0);
  try {
    const buffer = Buffer.alloc(bytes);
    const { bytesRead } = await file.read(buffer, 0, bytes, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
