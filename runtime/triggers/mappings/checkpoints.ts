import { Collection } from '../../store/collection.ts';
import type { ResourceStore } from '../../store/resource-store.ts';

/** What a function has made of the records of a window so far. */
export interface OpenWindow {
  /** Epoch milliseconds. */
  readonly start: number;
  readonly state: unknown;
}

/** How far one of a shard's lanes is. */
export interface LaneCheckpoint {
  readonly after?: string;
  readonly window?: OpenWindow;
}

/** How far a mapping is in a shard. */
export interface ShardCheckpoint {
  /** UUID. */
  readonly mapping: string;
  readonly shardId: string;
  /** Sequence number of the last record before which, and with which, all are done with. */
  readonly after?: string;
  /** Until a first record is: those that arrived from then on are to be read, in epoch milliseconds; all when absent. */
  readonly since?: number;
  /** Closed, and all of it is done with. */
  readonly isDone: boolean;
  /** As many as the mapping had; those of another number mean nothing. */
  readonly lanes?: readonly LaneCheckpoint[];
}

/** Of no account or region: the UUIDs of mappings differ everywhere. */
const SCOPE = { accountId: '', region: '' };

/** How far mappings are in their streams, on disk: what is not done with is read again by the next process. */
export class Checkpoints {
  readonly #checkpoints: Collection<ShardCheckpoint>;

  constructor(resources: ResourceStore) {
    this.#checkpoints = new Collection(resources, 'stream-checkpoint');
  }

  /** To be awaited before everything below. */
  open(): Promise<void> {
    return this.#checkpoints.open();
  }

  of(mapping: string): readonly ShardCheckpoint[] {
    return this.#checkpoints.all().filter((each) => each.mapping === mapping);
  }

  async put(checkpoint: ShardCheckpoint): Promise<void> {
    await this.#checkpoints.change(SCOPE, idOf(checkpoint), () => checkpoint);
  }

  async delete(checkpoint: ShardCheckpoint): Promise<void> {
    await this.#checkpoints.change(SCOPE, idOf(checkpoint), () => undefined);
  }

  async forget(mapping: string): Promise<void> {
    for (const each of this.of(mapping)) await this.delete(each);
  }

  /** Forgets those of mappings that are gone: a process that was killed has left them. */
  async forgetOthers(mappings: ReadonlySet<string>): Promise<void> {
    const others = this.#checkpoints.all().filter(({ mapping }) => !mappings.has(mapping));
    for (const each of others) await this.delete(each);
  }
}

function idOf({ mapping, shardId }: ShardCheckpoint): string {
  return `${mapping}/${shardId}`;
}
