import { StorageError } from '../../contract/storage-error.ts';
import type { KvChange, KvChanged, KvLimits } from '../kv-store.ts';
import type { Step, Write, Written } from './write.ts';

/** Makes writes durable, wherever that is done. */
export interface Committer {
  commit(write: Write): Promise<Written>;
  /** Resolves when what was asked for before is committed and nothing is held any more. */
  close(): Promise<void>;
}

/** All changes of a database. What resolves survives a crash; what rejects with a StorageError has changed nothing, if it does not say otherwise. */
export class Writer {
  readonly #committer: Committer;

  constructor(committer: Committer) {
    this.#committer = committer;
  }

  /** Takes the steps in their order, in one transaction; answers `done` when none of them answers `otherwise`. */
  async steps<Answer extends string>(done: Answer, steps: readonly Step<Answer>[]): Promise<Answer> {
    return (await this.#commit({ kind: 'steps', steps, done })) as Answer;
  }

  /** Makes the changes in their order, in one transaction. */
  async values(changes: readonly KvChange[], limits: KvLimits): Promise<readonly KvChanged[]> {
    return (await this.#commit({ kind: 'values', changes, limits })) as readonly KvChanged[];
  }

  close(): Promise<void> {
    return this.#committer.close();
  }

  async #commit(write: Write): Promise<unknown> {
    const written = await this.#committer.commit(write);
    if (written.kind === 'failed') throw new StorageError(written.trouble, written.cause);
    return written.answer;
  }
}
