import { MIB } from '../contract/limits.ts';
import type { EventQueue } from '../store/event-queue.ts';

/** What all of them may weigh, in bytes; what comes beyond that is read from the store. */
const MOST_BYTES = 16 * MIB;

/** Events that have just been stored and run for the first time in a moment: those need not be read again. */
export class FreshEvents {
  readonly #store: Pick<EventQueue, 'event'>;
  readonly #events = new Map<number, Uint8Array>();
  #bytes = 0;

  constructor(store: Pick<EventQueue, 'event'>) {
    this.#store = store;
  }

  keep(id: number, event: Uint8Array): void {
    if (this.#bytes + event.byteLength > MOST_BYTES) return;
    this.#events.set(id, event);
    this.#bytes += event.byteLength;
  }

  /** Lets go of it; from then on the store is asked, which answers undefined when it was removed. */
  async event(id: number): Promise<Uint8Array | undefined> {
    const event = this.#events.get(id);
    this.forget(id);
    return event ?? this.#store.event(id);
  }

  forget(id: number): void {
    this.#bytes -= this.#events.get(id)?.byteLength ?? 0;
    this.#events.delete(id);
  }
}
