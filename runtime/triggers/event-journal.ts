import { setImmediate as turn } from 'node:timers/promises';
import { MIB } from '../contract/limits.ts';
import type { Observer } from '../contract/observer.ts';
import type { EventProgress, EventQueue, QueueChanges, QueuedEvent } from '../store/event-queue.ts';

export interface EventJournalDeps {
  readonly store: EventQueue;
  readonly observer: Observer;
}

interface Added {
  readonly queued: QueuedEvent;
  readonly event: Uint8Array;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** How long what became of events may wait for company, in milliseconds: a crash before it runs them once more. */
const LINGER_MS = 20;
const RETRY_MS = 1_000;
/** A transaction is not to take longer than some milliseconds. */
const MOST_ADDED = 256;
const MOST_BYTES = MIB;

/**
 * Writes to the queue's store in groups: what comes while one transaction is written is in the next, so a flush of the disk
 * is paid by many.
 */
export class EventJournal {
  readonly #deps: EventJournalDeps;
  #added: Added[] = [];
  #progressed = new Map<number, EventProgress>();
  #removed = new Set<number>();
  /** What became of events has waited long enough. */
  #isOverdue = false;
  #lingering: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;

  constructor(deps: EventJournalDeps) {
    this.#deps = deps;
  }

  /** Resolves when the event is on disk. */
  add(queued: QueuedEvent, event: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#added.push({ queued, event, resolve, reject });
      this.#working ??= this.#work();
    });
  }

  progress(progress: EventProgress): void {
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
    await turn();
    while (this.#added.length > 0 || this.#isOverdue) {
      await this.#write(this.#takeAdded());
    }
    this.#working = undefined;
  }

  #takeAdded(): readonly Added[] {
    let count = 0;
    for (let bytes = 0; count < this.#added.length && count < MOST_ADDED && bytes < MOST_BYTES; count++) {
      bytes += (this.#added[count] as Added).queued.bytes;
    }
    return this.#added.splice(0, count);
  }

  async #write(added: readonly Added[]): Promise<void> {
    const [progressed, removed] = [this.#progressed, this.#removed];
    this.#progressed = new Map();
    this.#removed = new Set();
    clearTimeout(this.#lingering);
    this.#lingering = undefined;
    this.#isOverdue = false;
    const changes: QueueChanges = { added, progressed: [...progressed.values()], removed: [...removed] };
    if (added.length + progressed.size + removed.size === 0) return;
    try {
      await this.#deps.store.write(changes);
      for (const { resolve } of added) resolve();
    } catch (error) {
      this.#deps.observer.noticed('error', `Asynchronous events cannot be written: ${(error as Error).message}`);
      for (const { reject } of added) reject(error as Error);
      this.#keep(changes);
    }
  }

  /** What became of events is not lost with a failed write: it goes with a later one. */
  #keep({ progressed, removed }: QueueChanges): void {
    if (progressed.length + removed.length === 0) return;
    for (const id of removed) this.#removed.add(id);
    for (const each of progressed) {
      if (!this.#removed.has(each.id) && !this.#progressed.has(each.id)) this.#progressed.set(each.id, each);
    }
    this.#linger(RETRY_MS);
  }
}
