import type { Observer } from './contract/observer.ts';
import type { Queues } from './queues/index.ts';
import type { MessageStore } from './store/message-store.ts';
import type { ResourceStore } from './store/resource-store.ts';

export interface DeferredQueuesDeps {
  readonly resources: ResourceStore;
  readonly messages: MessageStore;
  readonly observer: Observer;
  /** What all queues may hold together. */
  readonly most: { readonly messages: number; readonly bytes: number };
}

/** The queues, loaded and read when they are first asked for. */
export class DeferredQueues {
  readonly #deps: DeferredQueuesDeps;
  #opened: Promise<Queues> | undefined;

  constructor(deps: DeferredQueuesDeps) {
    this.#deps = deps;
  }

  readonly get = (): Promise<Queues> => {
    this.#opened ??= this.#open().catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  };

  /** Ends what waits for messages. */
  async drain(): Promise<void> {
    (await this.#opened)?.drain();
  }

  async close(): Promise<void> {
    await (await this.#opened)?.close();
  }

  async #open(): Promise<Queues> {
    const [{ Queues }, { parsePolicy }] = await Promise.all([
      import('./queues/index.ts'),
      import('./identity/policy/parse-policy.ts'),
    ]);
    const queues = new Queues({
      ...this.#deps,
      parsePolicy: (text) => parsePolicy(text, 'resource'),
      clock: Date.now,
    });
    await queues.open();
    return queues;
  }
}
