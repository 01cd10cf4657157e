/** How long the same is not delivered again, in milliseconds. */
const DEDUPLICATION_MS = 300_000;
/** What is remembered of all FIFO topics together, some 300 bytes each. */
const MOST = 100_000;

/** What a publisher is answered. */
export interface Published {
  readonly messageId: string;
  /** FIFO only. */
  readonly sequenceNumber: string | undefined;
}

/**
 * What was published to FIFO topics in the last five minutes, by what makes it the same. It is of this process: after a restart FIFO
 * queues know themselves what they were sent before.
 */
export class PublishedBefore {
  /** Oldest first. */
  readonly #entries = new Map<string, { readonly at: number; readonly answer: Promise<Published> }>();

  /** What is answered to whoever was first. */
  find(key: string, now: number): Promise<Published> | undefined {
    const found = this.#entries.get(key);
    return found !== undefined && now - found.at < DEDUPLICATION_MS ? found.answer : undefined;
  }

  /** From now on it is the same, unless it was not published after all. */
  remember(key: string, answer: Promise<Published>, now: number): void {
    for (const [old, { at }] of this.#entries) {
      if (now - at < DEDUPLICATION_MS && this.#entries.size < MOST) break;
      this.#entries.delete(old);
    }
    const entry = { at: now, answer };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    answer.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
  }
}
