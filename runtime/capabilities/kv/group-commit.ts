import { setTimeout } from 'node:timers/promises';
import { MIB } from '../../contract/limits.ts';
import type { KvChange, KvChanged, KvStore } from '../../store/kv-store.ts';

interface Waiting {
  readonly change: KvChange;
  readonly resolve: (changed: KvChanged) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Puts the changes that come while one transaction is written into the next: a flush of the disk is paid by many. After each,
 * this thread has as long for everyone else: however much is put, half of its time is theirs.
 */
export class GroupCommit {
  readonly #store: KvStore;
  #waiting: Waiting[] = [];
  #writing = false;

  constructor(store: KvStore) {
    this.#store = store;
  }

  /** Resolves when the change survives a crash. */
  apply(change: KvChange): Promise<KvChanged> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ change, resolve, reject });
      if (this.#writing) return;
      this.#writing = true;
      setImmediate(() => void this.#write());
    });
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup();
      const began = performance.now();
      try {
        const changed = await this.#store.apply(group.map(({ change }) => change));
        for (const [index, { resolve }] of group.entries()) resolve(changed[index] as KvChanged);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
      await setTimeout(performance.now() - began);
    }
    this.#writing = false;
  }

  #takeGroup(): Waiting[] {
    let count = 0;
    for (let bytes = 0; count < this.#waiting.length && count < MOST_CHANGES && bytes < MOST_BYTES; count++) {
      const { change } = this.#waiting[count] as Waiting;
      bytes += change.kind === 'put' ? change.value.byteLength : 0;
    }
    return this.#waiting.splice(0, count);
  }
}

/** A transaction is not to take longer than some milliseconds. */
const MOST_CHANGES = 64;
const MOST_BYTES = MIB;
