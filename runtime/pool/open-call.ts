import { type HostAnswer, type HostRequest, type ServeHostCall, toHostError } from '../contract/host-call.ts';
import type { Invocation } from '../contract/invocation.ts';

/** What a thread's host calls need of its pool. */
export interface CallEvents {
  /** Does what a guest asks for. */
  readonly serve: ServeHostCall;
  /** The thread waits from now on; false when no more threads may. */
  park(): boolean;
  /** It waits no more. */
  unpark(): void;
}

/** The main thread's end of the one host call that a thread can wait for. */
export class OpenCall {
  readonly #events: CallEvents;
  #open: AbortController | undefined;

  constructor(events: CallEvents) {
    this.#events = events;
  }

  /** Serves a call; `answer` is told unless the call ended before. */
  async serve(invocation: Invocation, request: HostRequest, answer: (answer: HostAnswer) => void): Promise<void> {
    const open = new AbortController();
    this.#open = open;
    const { signal } = open;
    const { head, body } = request;
    const park = () => !signal.aborted && this.#events.park();
    const answered = await this.#events.serve({ invocation, head, body, signal, park }).catch(() => FAILED);
    if (this.#open !== open) return;
    this.#open = undefined;
    this.#events.unpark();
    answer(answered);
  }

  /** Nobody waits any more: the invocation has ended, or its thread. */
  end(): void {
    if (!this.#open) return;
    this.#open.abort();
    this.#open = undefined;
    this.#events.unpark();
  }
}

const FAILED = toHostError('ServiceFailure', 'The platform failed under this call.');
