import { QueueError } from './queue-error.ts';

/** Counts what is in all queues together, and refuses what there is no room for. */
export class MessageQuota {
  readonly #most: { readonly messages: number; readonly bytes: number };
  #messages: number;
  #bytes: number;

  constructor(
    most: { readonly messages: number; readonly bytes: number },
    stored: { readonly messages: number; readonly bytes: number },
  ) {
    this.#most = most;
    this.#messages = stored.messages;
    this.#bytes = stored.bytes;
  }

  get messages(): number {
    return this.#messages;
  }

  /** Throws an OverLimit when there is no room for it. */
  take(messages: number, bytes: number): void {
    if (this.#messages + messages > this.#most.messages || this.#bytes + bytes > this.#most.bytes) {
      throw new QueueError('OverLimit', 'There is no room for more messages in the queues of this server.');
    }
    this.#messages += messages;
    this.#bytes += bytes;
  }

  giveBack(messages: number, bytes: number): void {
    this.#messages -= messages;
    this.#bytes -= bytes;
  }
}
