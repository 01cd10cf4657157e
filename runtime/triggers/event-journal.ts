import type { Observer } from '../contract/observer.ts';
import type { EventProgress, EventQueue, QueuedEvent } from '../store/event-queue.ts';

/** How long what became of events may wait for company, in milliseconds: a crash before it runs them once more. */
const LINGER_MS = 20;
const RETRY_MS = 1_000;

interface Batch {
  readonly added: { readonly queued: QueuedEvent; readonly event: Uint8Array }[];
  readonly progressed: Map<number, EventProgress>;
  readonly removed: Set<number>;
  /** Settled when the batch is on disk, or cannot get there. */
  readonly outcomes: { readonly resolve: () => void; readonly reject: (error: Error) => void }[];
}

const createBatch = (): Batch => ({ added: [], progressed: new Map(), removed: new Set(), outcomes: [] });

/**
 * Writes to the queue's store in groups: what arrives within one turn of the event loop is one transaction, and so one wait
 * for the disk.
 */
export class EventJournal {
  readonly #store: EventQueue;
  readonly #observer: Observer;
  #batch = createBatch();
  #scheduled: NodeJS.Immediate | undefined;
  #lingering: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(store: EventQueue, observer: Observer) {
    this.#store = store;
    this.#observer = observer;
  }

  /** Resolves when the event is on disk. */
  add(queued: QueuedEvent, event: Uint8Array): Promise<void> {
    this.#batch.added.push({ queued, event });
    this.#scheduled ??= setImmediate(() => void this.flush());
    return new Promise((resolve, reject) => this.#batch.outcomes.push({ resolve, reject }));
  }

  progress(progress: EventProgress): void {
    this.#batch.progressed.set(progress.id, progress);
    this.#linger(LINGER_MS);
  }

  remove(id: number): void {
    this.#batch.progressed.delete(id);
    this.#batch.removed.add(id);
    this.#linger(LINGER_MS);
  }

  /** Writes what waits; resolves when that is over, however it ended. */
  flush(): Promise<void> {
    clearImmediate(this.#scheduled);
    clearTimeout(this.#lingering);
    this.#scheduled = undefined;
    this.#lingering = undefined;
    const batch = this.#batch;
    this.#batch = createBatch();
    this.#writing = this.#writing.then(() => this.#write(batch));
    return this.#writing;
  }

  #linger(milliseconds: number): void {
    this.#lingering ??= setTimeout(() => void this.flush(), milliseconds).unref();
  }

  async #write({ added, progressed, removed, outcomes }: Batch): Promise<void> {
    if (added.length + progressed.size + removed.size === 0) return;
    try {
      await this.#store.write({ added, progressed: [...progressed.values()], removed: [...removed] });
      for (const { resolve } of outcomes) resolve();
    } catch (error) {
      this.#observer.noticed('error', `Asynchronous events cannot be written: ${(error as Error).message}`);
      for (const { reject } of outcomes) reject(error as Error);
      this.#keep(progressed, removed);
    }
  }

  /** What became of events is not lost with a failed write: it goes with the next one. */
  #keep(progressed: ReadonlyMap<number, EventProgress>, removed: ReadonlySet<number>): void {
    if (progressed.size + removed.size === 0) return;
    for (const id of removed) this.#batch.removed.add(id);
    for (const [id, progress] of progressed) {
      if (!this.#batch.removed.has(id) && !this.#batch.progressed.has(id)) this.#batch.progressed.set(id, progress);
    }
    this.#linger(RETRY_MS);
  }
}
