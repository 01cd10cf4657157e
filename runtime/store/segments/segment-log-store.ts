import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogBlock, LogSpan, LogStore, StoredEntry, StreamSummary } from '../log-store.ts';
import { Turns } from '../turns.ts';
import { toEntriesFrame, toStreamFrame } from './frame.ts';
import { SegmentGroup } from './segment-group.ts';

/** A segment has this many bytes, less where there is little room. */
const SEGMENT_BYTES = 4_194_304;
const LEAST_SEGMENTS = 16;
/** How long what was appended may wait for the disk, in milliseconds. */
const SYNC_MS = 1_000;

/**
 * Log groups as folders of append-only files: `{directory}/{group}/{place}.log`. An append costs this thread one string, and the
 * disk one write; what is in a file is found by an index in memory that is read, or made, when the group is first used.
 */
export class SegmentLogStore implements LogStore {
  readonly #directory: string;
  readonly #mostBytes: number;
  readonly #groups: Map<string, SegmentGroup>;
  readonly #turns = new Turns();
  readonly #unsynced = new Set<string>();
  #bytes: number;
  #syncing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  private constructor(directory: string, mostBytes: number, groups: Map<string, SegmentGroup>) {
    this.#directory = directory;
    this.#mostBytes = mostBytes;
    this.#groups = groups;
    this.#bytes = [...groups.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  static async open(directory: string, mostBytes: number): Promise<SegmentLogStore> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const groups = new Map<string, SegmentGroup>();
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      groups.set(entry.name, await SegmentGroup.open(join(directory, entry.name), segmentBytes(mostBytes)));
    }
    return new SegmentLogStore(directory, mostBytes, groups);
  }

  async append(name: string, block: LogBlock): Promise<number> {
    const { bytes, offset } = toEntriesFrame(block);
    return offset + (await this.#change(name, (group) => group.append({ kind: 'entries', ...block }, bytes)));
  }

  createStream(name: string, stream: string, at: number): Promise<void> {
    return this.#change(name, async (group) => {
      if (await group.hasStream(stream)) return;
      await group.append({ kind: 'created', stream, at, from: 0, to: 0 }, toStreamFrame('created', stream, at));
    });
  }

  async deleteStream(name: string, stream: string, at: number): Promise<void> {
    const frame = toStreamFrame('deleted', stream, at);
    await this.#change(name, (group) => group.append({ kind: 'deleted', stream, at, from: 0, to: 0 }, frame));
  }

  streams(name: string): Promise<ReadonlyMap<string, StreamSummary>> {
    return this.#turns.take(name, async () => (await this.#groupOf(name)).streams());
  }

  hasStream(name: string, stream: string): Promise<boolean> {
    return this.#turns.take(name, async () => (await this.#groupOf(name)).hasStream(stream));
  }

  countStreams(name: string): Promise<number> {
    return this.#turns.take(name, async () => (await this.#groupOf(name)).countStreams());
  }

  spans(name: string): Promise<readonly LogSpan[]> {
    return this.#turns.take(name, async () => (await this.#groupOf(name)).spans());
  }

  read(name: string, span: LogSpan): Promise<readonly StoredEntry[]> {
    return this.#turns.take(name, async () => (await this.#groups.get(name)?.read(span)) ?? []);
  }

  async bytesOf(name: string): Promise<number> {
    return this.#groups.get(name)?.bytes ?? 0;
  }

  async expire(name: string, before: number): Promise<void> {
    await this.#turns.take(name, async () => {
      this.#bytes -= (await this.#groups.get(name)?.expire(before)) ?? 0;
    });
  }

  async drop(name: string): Promise<void> {
    await this.#turns.take(name, async () => {
      this.#bytes -= this.#groups.get(name)?.bytes ?? 0;
      this.#groups.delete(name);
      this.#unsynced.delete(name);
      await rm(join(this.#directory, name), { recursive: true, force: true });
    });
  }

  async retain(names: ReadonlySet<string>): Promise<void> {
    for (const name of [...this.#groups.keys()]) if (!names.has(name)) await this.drop(name);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#sync();
  }

  async #change<Answer>(name: string, change: (group: SegmentGroup) => Promise<Answer>): Promise<Answer> {
    const answer = await this.#turns.take(name, async () => {
      const group = await this.#groupOf(name);
      const before = group.bytes;
      try {
        return await change(group);
      } finally {
        this.#bytes += group.bytes - before;
      }
    });
    this.#unsynced.add(name);
    this.#timer ??= setTimeout(() => void this.#sync(), SYNC_MS).unref();
    if (this.#bytes > this.#mostBytes) await this.#makeRoom();
    return answer;
  }

  async #groupOf(name: string): Promise<SegmentGroup> {
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const directory = join(this.#directory, name);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const group = await SegmentGroup.open(directory, segmentBytes(this.#mostBytes));
    this.#groups.set(name, group);
    return group;
  }

  /** Whoever has most gives, so that a flood washes away nothing but itself. */
  async #makeRoom(): Promise<void> {
    while (this.#bytes > this.#mostBytes) {
      let [most, largest]: [number, string | undefined] = [0, undefined];
      for (const [name, { bytes }] of this.#groups) if (bytes > most) [most, largest] = [bytes, name];
      if (largest === undefined) return;
      await this.#turns.take(largest, async () => {
        if (this.#bytes <= this.#mostBytes) return;
        this.#bytes -= (await this.#groups.get(largest)?.removeOldest()) ?? 0;
      });
    }
  }

  #sync(): Promise<void> {
    this.#timer = undefined;
    const names = [...this.#unsynced];
    this.#unsynced.clear();
    this.#syncing = this.#syncing.then(async () => {
      for (const name of names) {
        // Of a file that is gone there is nothing to be kept; of others the system still keeps what it has.
        await this.#groups
          .get(name)
          ?.sync()
          .catch(() => undefined);
      }
    });
    return this.#syncing;
  }
}

function segmentBytes(mostBytes: number): number {
  return Math.max(1, Math.min(SEGMENT_BYTES, Math.floor(mostBytes / LEAST_SEGMENTS)));
}
