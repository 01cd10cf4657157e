import { createHash } from 'node:crypto';
import { MIB } from '../../contract/limits.ts';
import { Backoff, pause } from './backoff.ts';
import type { Checkpoints, LaneCheckpoint, ShardCheckpoint } from './checkpoints.ts';
import type { HeldBytes } from './held-bytes.ts';
import { toProblem } from './poller.ts';
import type { RecordFilter } from './record-filter.ts';
import { ShardLane } from './shard-lane.ts';
import { isThrough, ShardProgress } from './shard-progress.ts';
import type { StreamBatchDeps, WaitingRecord } from './stream-batch.ts';
import type { Position, StreamRecord, StreamSource } from './stream-source.ts';

/** What pollers of all shards of a mapping need. */
export interface ShardReadingDeps extends Pick<StreamBatchDeps, 'settings' | 'target' | 'report' | 'clock'> {
  readonly arn: string;
  readonly source: StreamSource;
  readonly checkpoints: Checkpoints;
  /** Rejects when the role may not read the stream. */
  readonly assertReadable: (role: string) => Promise<void>;
  readonly isWanted: RecordFilter;
  readonly held: HeldBytes;
  readonly notice: (message: string) => void;
  /** Tells whoever is to know that records of a shard are given up. */
  readonly discardOf: (shardId: string, signal: AbortSignal) => StreamBatchDeps['discard'];
}

export interface ShardPollerDeps extends ShardReadingDeps {
  readonly checkpoint: ShardCheckpoint;
  /** Where a shard begins that is not read from a checkpoint on. */
  readonly start: Position;
  readonly signal: AbortSignal;
  /** Called when the shard is closed and all of it is handled. */
  readonly ended: () => void;
}

/** Kinesis lets five readings of a shard a second through. */
const BUSY_MS = 250;
/** What waits for the function in one shard; more is read when there is less. */
const MOST_BYTES = 16 * MIB;
const MOST_WAITING = 1_000;
/** Kinesis hands out no more at once, and no more than ten megabytes. */
const MOST_READ = 10_000;

/**
 * Reads one shard and deals its records out to lanes by their key, so that records of a key stay in order. How far all of them are is
 * written down as they go, one write after another.
 */
export class ShardPoller {
  readonly #deps: ShardPollerDeps;
  readonly #lanes: readonly ShardLane[];
  readonly #laneAfter: (string | undefined)[];
  readonly #progress: ShardProgress;
  readonly #done: Promise<void>;
  readonly #trouble = new Backoff(1_000, 10_000);
  #hasBegun = false;
  #lastRead: string | undefined;
  /** What arrived before, in epoch milliseconds, is not wanted. */
  #oldest = Number.NEGATIVE_INFINITY;
  #bytes = 0;
  #isDone = false;
  #isDirty = false;
  #saving: Promise<void> | undefined;
  #moved: () => void = () => undefined;

  constructor(deps: ShardPollerDeps) {
    this.#deps = deps;
    const { settings, checkpoint, signal, discardOf } = deps;
    const count = settings.ParallelizationFactor ?? 1;
    const kept = checkpoint.lanes?.length === count ? checkpoint.lanes : undefined;
    this.#progress = new ShardProgress(checkpoint.after);
    this.#lastRead = checkpoint.after;
    this.#laneAfter = Array.from({ length: count }, (_, index) => kept?.[index]?.after);
    this.#lanes = Array.from(
      { length: count },
      (_, index) =>
        new ShardLane({
          ...{ ...deps, shardId: checkpoint.shardId, window: kept?.[index]?.window },
          discard: discardOf(checkpoint.shardId, signal),
          handled: (records) => this.#handled(records, index),
        }),
    );
    this.#done = this.#poll();
  }

  /** Resolves when nothing runs, after its signal has said to stop. */
  async stopped(): Promise<void> {
    await this.#done;
    await Promise.all(this.#lanes.map((lane) => lane.stopped()));
    await this.#saving;
    this.#deps.held.giveBack(this.#bytes);
    this.#bytes = 0;
  }

  async #poll(): Promise<void> {
    const { source, target, assertReadable, signal, checkpoint, report, clock } = this.#deps;
    let iterator: string | undefined;
    while (!signal.aborted) {
      try {
        await this.#room();
        const { role } = await target.version();
        await assertReadable(role);
        iterator ??= await source.iterator(checkpoint.shardId, this.#position(), signal);
        const readAt = clock();
        const { records, next, isBehind } = await source.read({ iterator, most: this.#most, role, signal });
        this.#trouble.reset();
        for (const record of records) this.#take(record);
        if (next === undefined) return await this.#finish();
        iterator = next;
        if (!isBehind) for (const lane of this.#lanes) lane.readThrough(readAt);
        await pause(isBehind || records.length > 0 ? BUSY_MS : source.idleMs, signal);
      } catch (error) {
        iterator = undefined;
        if (signal.aborted) return;
        report(toProblem(error));
        await pause(this.#trouble.next(), signal);
      }
    }
  }

  /** What all lanes together can take. */
  get #oneRound(): number {
    const { BatchSize: size = 100 } = this.#deps.settings;
    return Math.min(MOST_READ, size * this.#lanes.length);
  }

  /** A reading that others have left no room for brings no more than is needed at once. */
  get #most(): number {
    return this.#deps.held.isFull ? this.#oneRound : MOST_READ;
  }

  /** Resolves when there is room for what is read next. */
  async #room(): Promise<void> {
    const { signal, held } = this.#deps;
    const isFull = (): boolean =>
      this.#progress.pending >= Math.max(MOST_WAITING, this.#oneRound) ||
      this.#bytes >= MOST_BYTES ||
      (held.isFull && this.#progress.pending > 0);
    while (isFull() && !signal.aborted) {
      const moved = new Promise<void>((resolve) => {
        this.#moved = resolve;
      });
      await Promise.race([moved, pause(BUSY_MS, signal)]);
    }
  }

  #position(): Position {
    const { start, checkpoint } = this.#deps;
    if (this.#lastRead !== undefined) return { kind: 'after', sequenceNumber: this.#lastRead };
    const { since } = checkpoint;
    const isStart = since === undefined || (start.kind === 'newest' && !this.#hasBegun);
    this.#hasBegun = true;
    if (isStart) return start;
    // Some sources tell times to the second.
    this.#oldest = Math.floor(since / 1_000) * 1_000;
    return { kind: 'since', at: since };
  }

  #take(record: StreamRecord): void {
    const { isWanted, held, clock } = this.#deps;
    const { sequenceNumber, key, arrivedAt, json, filtered } = record;
    if (this.#lastRead !== undefined && isThrough(sequenceNumber, this.#lastRead)) return;
    this.#lastRead = sequenceNumber;
    this.#progress.add(sequenceNumber);
    const index = this.#lanes.length === 1 ? 0 : laneOf(key, this.#lanes.length);
    const isHandled = isThrough(sequenceNumber, this.#laneAfter[index]);
    if (isHandled || arrivedAt < this.#oldest || !isWanted(filtered)) {
      this.#progress.finish(sequenceNumber);
      this.#save();
      return;
    }
    const bytes = Buffer.byteLength(json);
    this.#bytes += bytes;
    held.take(bytes);
    this.#lanes[index]?.push({ sequenceNumber, key, arrivedAt, json, bytes, readAt: clock() });
  }

  #handled(records: readonly WaitingRecord[], lane: number): void {
    for (const { sequenceNumber, bytes } of records) {
      this.#progress.finish(sequenceNumber);
      this.#laneAfter[lane] = sequenceNumber;
      this.#bytes -= bytes;
      this.#deps.held.giveBack(bytes);
    }
    this.#moved();
    this.#save();
  }

  async #finish(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.finish()));
    if (this.#deps.signal.aborted) return;
    this.#isDone = true;
    this.#save();
    await this.#saving;
    this.#deps.ended();
  }

  /** Writes how far everything is, again when there is news meanwhile. */
  #save(): void {
    this.#isDirty = true;
    this.#saving ??= this.#write().finally(() => {
      this.#saving = undefined;
    });
  }

  async #write(): Promise<void> {
    const { checkpoints, notice, signal } = this.#deps;
    while (this.#isDirty) {
      // What comes in the same turn goes with it.
      await Promise.resolve();
      this.#isDirty = false;
      try {
        await checkpoints.put(this.#checkpoint());
      } catch (error) {
        notice(`How far ${this.#deps.arn} is read cannot be written: ${(error as Error).message}`);
        if (signal.aborted) return;
        this.#isDirty = true;
        await pause(1_000, signal);
      }
    }
  }

  #checkpoint(): ShardCheckpoint {
    const { mapping, shardId, since } = this.#deps.checkpoint;
    const { after } = this.#progress;
    const lanes = this.#lanes.map(({ window }, index): LaneCheckpoint => {
      const through = this.#laneAfter[index];
      return { ...(through === undefined ? {} : { after: through }), ...(window === undefined ? {} : { window }) };
    });
    return {
      ...{ mapping, shardId, isDone: this.#isDone, lanes },
      ...(after === undefined ? {} : { after }),
      ...(since === undefined ? {} : { since }),
    };
  }
}

function laneOf(key: string, lanes: number): number {
  return createHash('md5').update(key).digest().readUInt32BE(0) % lanes;
}
