import type { Observer } from '../contract/observer.ts';
import type { MessageProgress, MessageStore } from '../store/message-store.ts';

/** How long it may wait for company, in milliseconds: a crash before it shows messages again that were received. */
const LINGER_MS = 1_000;

/** How far messages have come, written down now and then: most are deleted before it comes to that. */
export class ProgressNotes {
  readonly #store: MessageStore;
  readonly #observer: Observer;
  #notes = new Map<number, MessageProgress>();
  #timer: NodeJS.Timeout | undefined;

  constructor(store: MessageStore, observer: Observer) {
    this.#store = store;
    this.#observer = observer;
  }

  add(progress: MessageProgress): void {
    this.#notes.set(progress.id, progress);
    this.#timer ??= setTimeout(() => void this.write(), LINGER_MS).unref();
  }

  drop(id: number): void {
    this.#notes.delete(id);
  }

  /** Never rejects: the observer is told, and a later note says what this one would have. */
  async write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#notes.size === 0) return;
    const progressed = [...this.#notes.values()];
    this.#notes = new Map();
    await this.#store
      .write({ progressed })
      .catch((error: Error) =>
        this.#observer.noticed('error', `Messages that were received cannot be noted: ${error.message}`),
      );
  }
}
