import { MIB } from '../../contract/limits.ts';
import type { KvChange, KvChanged, KvStore } from '../../store/kv-store.ts';
import { CallError } from '../call-error.ts';

interface Waiting {
  readonly change: KvChange;
  readonly resolve: (changed: KvChanged) => void;
  readonly reject: (error: unknown) => void;
}

/** Changes of one function that may wait. */
const MOST_WAITING = 128;
/** A transaction is not to take longer than some milliseconds. */
const MOST_CHANGES = 64;
const MOST_BYTES = MIB;

/**
 * Changes that wait, a line for each function. What comes while one transaction is written goes into the next, a change of
 * each line in turn: whoever puts without end is one of those who share it, and a flush of the disk is paid by many.
 */
export class ChangeLines {
  readonly #store: KvStore;
  /** Lines with someone in them, in the order of their next turn. */
  readonly #lines = new Map<string, Waiting[]>();
  #writing = false;

  constructor(store: KvStore) {
    this.#store = store;
  }

  /** Resolves when the change survives a crash. Throws a CallError when too many of the line wait already. */
  apply(line: string, change: KvChange): Promise<KvChanged> {
    const waiting = this.#lines.get(line) ?? [];
    if (waiting.length >= MOST_WAITING) {
      throw new CallError('TooManyWaiting', 'As many changes of this function wait as may: try again later.');
    }
    this.#lines.set(line, waiting);
    return new Promise((resolve, reject) => {
      waiting.push({ change, resolve, reject });
      if (this.#writing) return;
      this.#writing = true;
      setImmediate(() => void this.#write());
    });
  }

  async #write(): Promise<void> {
    while (this.#lines.size > 0) {
      const group = this.#takeGroup();
      try {
        const changed = await this.#store.apply(group.map(({ change }) => change));
        for (const [index, { resolve }] of group.entries()) resolve(changed[index] as KvChanged);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#writing = false;
  }

  #takeGroup(): Waiting[] {
    const group: Waiting[] = [];
    for (let bytes = 0; group.length < MOST_CHANGES && bytes < MOST_BYTES; ) {
      const [next] = this.#lines;
      if (next === undefined) break;
      const [line, waiting] = next;
      const first = waiting.shift() as Waiting;
      this.#lines.delete(line);
      if (waiting.length > 0) this.#lines.set(line, waiting);
      group.push(first);
      bytes += first.change.kind === 'put' ? first.change.value.byteLength : 0;
    }
    return group;
  }
}
