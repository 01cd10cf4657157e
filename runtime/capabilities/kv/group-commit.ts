import type { KvChange, KvChanged, KvStore } from '../../store/kv-store.ts';

interface Waiting {
  readonly change: KvChange;
  readonly resolve: (changed: KvChanged) => void;
  readonly reject: (error: unknown) => void;
}

/** Puts the changes that come while one transaction is written into the next: a flush of the disk is paid by many. */
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
      const group = this.#waiting.splice(0, MOST_CHANGES);
      try {
        const changed = await this.#store.apply(group.map(({ change }) => change));
        for (const [index, { resolve }] of group.entries()) resolve(changed[index] as KvChanged);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
      await new Promise(setImmediate);
    }
    this.#writing = false;
  }
}

/** Of a transaction: 64 of the largest values make 25 MB. */
const MOST_CHANGES = 64;
