import type { SentBefore } from '../store/message-store.ts';

/** How long the same is not sent again, in milliseconds. */
export const DEDUPLICATION_MS = 300_000;

/** What was sent to a FIFO queue in the last five minutes, by what makes it the same. */
export class Deduplication {
  /** Oldest first. `stored` resolves when it is durable, and rejects when it was not sent after all. */
  readonly #sent = new Map<string, SentBefore & { readonly stored: Promise<void> }>();

  get size(): number {
    return this.#sent.size;
  }

  find(key: string, now: number): (SentBefore & { readonly stored: Promise<void> }) | undefined {
    const found = this.#sent.get(key);
    return found !== undefined && now - found.at < DEDUPLICATION_MS ? found : undefined;
  }

  /** From now on the same is not sent again, unless this was not after all. */
  remember(sent: SentBefore, stored: Promise<void>, now: number): void {
    this.#forgetOld(now);
    this.#sent.delete(sent.key);
    const entry = { ...sent, stored };
    this.#sent.set(sent.key, entry);
    stored.catch(() => {
      if (this.#sent.get(sent.key) === entry) this.#sent.delete(sent.key);
    });
  }

  #forgetOld(now: number): void {
    for (const [key, { at }] of this.#sent) {
      if (now - at < DEDUPLICATION_MS) return;
      this.#sent.delete(key);
    }
  }
}
