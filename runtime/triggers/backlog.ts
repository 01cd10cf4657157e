import { setImmediate as turn } from 'node:timers/promises';

export interface BacklogDeps<Item> {
  /** Counts what is stored; answers the last id that was given. */
  readonly count: () => Promise<number>;
  /** What is stored behind an id, by id; at most `limit`. */
  readonly page: (after: number, limit: number) => Promise<readonly Item[]>;
  readonly take: (item: Item) => void;
  /** True when nothing more is to be taken up. */
  readonly isStopped: () => boolean;
  /** Told why they cannot be read. */
  readonly failed: (error: Error) => void;
}

/** Items read at a time. */
const PAGE = 128;

/** What an earlier process has left in a store: counted at once, then taken up page by page, while others come behind it. */
export class Backlog<Item extends { readonly id: number }> {
  readonly #deps: BacklogDeps<Item>;
  #counted: Promise<number> | undefined;
  #taken: Promise<void> | undefined;
  #lastId = 0;

  constructor(deps: BacklogDeps<Item>) {
    this.#deps = deps;
  }

  /** An id for what comes now. To be called when it was counted. */
  nextId(): number {
    return ++this.#lastId;
  }

  /** Rejects when the store cannot be read; it is asked again then. */
  async counted(): Promise<void> {
    void this.taken();
    await this.#counted;
  }

  /** Resolves when all of it was taken up. Never rejects. */
  taken(): Promise<void> {
    this.#counted ??= this.#count().catch((error: unknown) => {
      this.#counted = undefined;
      this.#taken = undefined;
      throw error;
    });
    this.#taken ??= this.#counted.then((lastId) => this.#take(lastId)).catch(this.#deps.failed);
    return this.#taken;
  }

  /** Resolves when nothing of it is read any more; at once where nobody has asked for it. */
  async settled(): Promise<void> {
    await this.#taken;
  }

  async #count(): Promise<number> {
    this.#lastId = await this.#deps.count();
    return this.#lastId;
  }

  async #take(lastId: number): Promise<void> {
    for (let after = 0; after < lastId && !this.#deps.isStopped(); await turn()) {
      const page = await this.#deps.page(after, PAGE);
      for (const item of page) if (item.id <= lastId) this.#deps.take(item);
      after = page.at(-1)?.id ?? lastId;
    }
  }
}
