import type { Observer } from '../contract/observer.ts';
import type { BlobHash, BlobStore } from '../store/blob-store.ts';

export interface BlobSweeperDeps {
  readonly blobs: BlobStore;
  readonly observer: Observer;
  /** Every blob that is needed, or undefined while that is not known. */
  readonly inUse: () => ReadonlySet<BlobHash> | undefined;
}

/**
 * What is replaced goes after this long, in milliseconds: calls in flight may still load it, and a deploy that has written its
 * blobs but not its record yet takes no longer than that.
 */
const AFTER_MS = 300_000;

/** Removes blobs that no version needs any more: of replaced code, and of what a crash interrupted. */
export class BlobSweeper {
  readonly #deps: BlobSweeperDeps;
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> = Promise.resolve();

  constructor(deps: BlobSweeperDeps) {
    this.#deps = deps;
  }

  /** To be told when a version was replaced or deleted; many at once are one sweep. */
  replaced(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#sweeping = this.sweep(Date.now() - AFTER_MS).catch((error: Error) => {
        this.#deps.observer.noticed('warn', `Unused blobs could not be removed: ${error.message}`);
      });
    }, 2 * AFTER_MS).unref();
  }

  /** Removes what is not needed and was written before that time (epoch milliseconds). */
  async sweep(writtenBefore: number): Promise<void> {
    const keep = this.#deps.inUse();
    if (keep) await this.#deps.blobs.retain(keep, { writtenBefore });
  }

  /** Sweeps no more; resolves when no sweep is going on. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#sweeping;
  }
}
