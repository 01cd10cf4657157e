import { setMaxListeners } from 'node:events';
import { Backoff, pause } from './backoff.ts';
import type { ShardCheckpoint } from './checkpoints.ts';
import { type Poller, toProblem } from './poller.ts';
import { ShardPoller, type ShardReadingDeps } from './shard-poller.ts';
import type { Position, Shard } from './stream-source.ts';

export interface StreamPollerDeps extends ShardReadingDeps {
  /** UUID of the mapping. */
  readonly mapping: string;
}

interface ReadShard {
  readonly poller: ShardPoller;
  readonly stopping: AbortController;
}

/** How often it is looked for new shards, unless one has ended. */
const LOOK_MS = 30_000;

/**
 * Brings the records of a stream to a function, shard by shard: those of one shard in order, and those of a shard after those of the
 * shards that it came from.
 */
export class StreamPoller implements Poller {
  readonly #deps: StreamPollerDeps;
  readonly #stopping = new AbortController();
  readonly #pollers = new Map<string, ReadShard>();
  readonly #trouble = new Backoff(1_000, 10_000);
  readonly #done: Promise<void>;
  #look = new AbortController();

  constructor(deps: StreamPollerDeps) {
    this.#deps = deps;
    setMaxListeners(0, this.#stopping.signal);
    this.#done = this.#poll();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#look.abort();
    await this.#done;
    await Promise.all([...this.#pollers.values()].map(({ poller }) => poller.stopped()));
    this.#deps.source.close();
  }

  async #poll(): Promise<void> {
    const { checkpoints, target, assertReadable, source, report } = this.#deps;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      this.#look = new AbortController();
      let delay = LOOK_MS;
      try {
        await checkpoints.open();
        await assertReadable((await target.version()).role);
        await this.#follow(await source.shards(signal));
        this.#trouble.reset();
      } catch (error) {
        if (signal.aborted) return;
        report(toProblem(error));
        delay = this.#trouble.next();
      }
      if (!signal.aborted) await pause(delay, this.#look.signal);
    }
  }

  /** Begins with shards that are new, and with those whose turn has come. */
  async #follow(shards: readonly Shard[]): Promise<void> {
    const { mapping, checkpoints } = this.#deps;
    const known = new Map(checkpoints.of(mapping).map((each) => [each.shardId, each]));
    const isFirstLook = known.size === 0;
    const newest = new Set<string>();
    for (const shard of shards) {
      if (known.has(shard.id)) continue;
      const checkpoint = this.#begin(shard, isFirstLook);
      if (isFirstLook && this.#deps.settings.StartingPosition === 'LATEST') newest.add(shard.id);
      await checkpoints.put(checkpoint);
      known.set(shard.id, checkpoint);
    }
    const listed = new Set(shards.map(({ id }) => id));
    for (const checkpoint of known.values()) {
      if (checkpoint.isDone && !listed.has(checkpoint.shardId)) await checkpoints.delete(checkpoint);
    }
    for (const id of this.#pollers.keys()) if (!listed.has(id)) this.#end(id);
    for (const { id, parents } of shards) {
      const checkpoint = known.get(id);
      const isInTurn = parents.every((parent) => !listed.has(parent) || (known.get(parent)?.isDone ?? true));
      if (checkpoint === undefined || checkpoint.isDone || !isInTurn || this.#stopping.signal.aborted) continue;
      if (!this.#pollers.has(id)) this.#pollers.set(id, this.#start(checkpoint, { isNewest: newest.has(id) }));
    }
  }

  /** Where a shard begins: as the mapping says for those that were there at first, with the oldest record for those that came later. */
  #begin({ id: shardId, isClosed }: Shard, isFirstLook: boolean): ShardCheckpoint {
    const { mapping, settings, clock } = this.#deps;
    const { StartingPosition: position, StartingPositionTimestamp: at = 0 } = settings;
    if (!isFirstLook || position === 'TRIM_HORIZON') return { mapping, shardId, isDone: false };
    if (position === 'AT_TIMESTAMP') return { mapping, shardId, isDone: false, since: at * 1_000 };
    return { mapping, shardId, isDone: isClosed, since: clock() };
  }

  #start(checkpoint: ShardCheckpoint, { isNewest }: { readonly isNewest: boolean }): ReadShard {
    const stopping = new AbortController();
    const signal = AbortSignal.any([this.#stopping.signal, stopping.signal]);
    setMaxListeners(0, signal);
    const start: Position = { kind: isNewest ? 'newest' : 'oldest' };
    const ended = (): void => {
      this.#end(checkpoint.shardId);
      this.#look.abort();
    };
    return { poller: new ShardPoller({ ...this.#deps, checkpoint, start, signal, ended }), stopping };
  }

  /** Lets go of a shard that has ended, or that there is not any more. */
  #end(id: string): void {
    const shard = this.#pollers.get(id);
    shard?.stopping.abort();
    void shard?.poller.stopped().then(() => this.#pollers.delete(id));
  }
}
