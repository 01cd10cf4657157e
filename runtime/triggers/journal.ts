import { setImmediate as turn } from 'node:timers/promises';
import { MIB } from '../contract/limits.ts';
import type { Observer } from '../contract/observer.ts';

/** What is written at a time: all of it or nothing. */
export interface JournalChanges<Added, Progress> {
  readonly added: readonly Added[];
  readonly progressed: readonly Progress[];
  /** Ids. */
  readonly removed: readonly number[];
}

export interface JournalDeps<Added, Progress> {
  readonly write: (changes: JournalChanges<Added, Progress>) => Promise<void>;
  readonly observer: Observer;
  /** What is written, as the operator is told when it cannot be. */
  readonly subject: string;
}

interface Waiting<Added> {
  readonly added: Added;
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** How long what became of something may wait for company, in milliseconds: a crash before it runs that once more. */
const LINGER_MS = 20;
const RETRY_MS = 1_000;
/**
 * What is added waits for company for so many turns of the event loop, which take next to no time unless it is busy, and for so many
 * milliseconds at most.
 */
const COMPANY_TURNS = 8;
const COMPANY_MS = 4;
/** A transaction is not to take longer than some milliseconds. */
const MOST_ADDED = 256;
const MOST_BYTES = MIB;

/**
 * Writes to a store in groups: what comes while one transaction is written is in the next, so a flush of the disk is paid
 * by many.
 */
export class Journal<Added, Progress extends { readonly id: number }> {
  readonly #deps: JournalDeps<Added, Progress>;
  #added: Waiting<Added>[] = [];
  #progressed = new Map<number, Progress>();
  #removed = new Set<number>();
  /** What became of things has waited long enough. */
  #isOverdue = false;
  #lingering: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;

  constructor(deps: JournalDeps<Added, Progress>) {
    this.#deps = deps;
  }

  /** Resolves when it is on disk. */
  add(added: Added, bytes: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#added.push({ added, bytes, resolve, reject });
      this.#working ??= this.#work();
    });
  }

  progress(progress: Progress): void {
    this.#progressed.set(progress.id, progress);
    this.#linger(LINGER_MS);
  }

  remove(id: number): void {
    this.#progressed.delete(id);
    this.#removed.add(id);
    this.#linger(LINGER_MS);
  }

  /** Writes what waits; resolves when that is over, however it ended. */
  async close(): Promise<void> {
    clearTimeout(this.#lingering);
    this.#isOverdue = true;
    this.#working ??= this.#work();
    await this.#working;
  }

  #linger(milliseconds: number): void {
    this.#lingering ??= setTimeout(() => {
      this.#isOverdue = true;
      this.#working ??= this.#work();
    }, milliseconds).unref();
  }

  async #work(): Promise<void> {
    do {
      await this.#awaitCompany();
      await this.#write(this.#takeAdded());
    } while (this.#added.length > 0 || this.#isOverdue);
    this.#working = undefined;
  }

  async #awaitCompany(): Promise<void> {
    const began = performance.now();
    for (let turns = 0; turns < COMPANY_TURNS && performance.now() - began < COMPANY_MS; turns++) await turn();
  }

  #takeAdded(): readonly Waiting<Added>[] {
    let count = 0;
    for (let bytes = 0; count < this.#added.length && count < MOST_ADDED && bytes < MOST_BYTES; count++) {
      bytes += (this.#added[count] as Waiting<Added>).bytes;
    }
    return this.#added.splice(0, count);
  }

  async #write(waiting: readonly Waiting<Added>[]): Promise<void> {
    const [progressed, removed] = [this.#progressed, this.#removed];
    this.#progressed = new Map();
    this.#removed = new Set();
    clearTimeout(this.#lingering);
    this.#lingering = undefined;
    this.#isOverdue = false;
    const added = waiting.map((each) => each.added);
    const changes = { added, progressed: [...progressed.values()], removed: [...removed] };
    if (added.length + progressed.size + removed.size === 0) return;
    try {
      await this.#deps.write(changes);
      for (const { resolve } of waiting) resolve();
    } catch (error) {
      const { observer, subject } = this.#deps;
      observer.noticed('error', `${subject} cannot be written: ${(error as Error).message}`);
      for (const { reject } of waiting) reject(error as Error);
      this.#keep(changes);
    }
  }

  /** What became of things is not lost with a failed write: it goes with a later one. */
  #keep({ progressed, removed }: JournalChanges<Added, Progress>): void {
    if (progressed.length + removed.length === 0) return;
    for (const id of removed) this.#removed.add(id);
    for (const each of progressed) {
      if (!this.#removed.has(each.id) && !this.#progressed.has(each.id)) this.#progressed.set(each.id, each);
    }
    this.#linger(RETRY_MS);
  }
}
