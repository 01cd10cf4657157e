import type { MessagePort } from 'node:worker_threads';
import type { AwaitedAnswer, HostAnswer, HostRequest } from '../contract/host-call.ts';
import type { FromThread, ToThread } from './protocol.ts';

/**
 * The thread's end of host calls.
 *
 *     thread: give back the batch -> post call -> wait for the cell -> drain the port: the answer is there
 *     main:                             work -> post answer -> set the cell, wake
 */
export class ThreadCalls {
  readonly #port: MessagePort;
  readonly #cell: Int32Array;
  readonly #drain: () => void;
  #calls = 0;
  #answer: HostAnswer | undefined;

  /** `drain` takes what has come over the port and gives back what is others' to do. */
  constructor(port: MessagePort, answered: SharedArrayBuffer, drain: () => void) {
    this.#port = port;
    this.#cell = new Int32Array(answered);
    this.#drain = drain;
  }

  /** Asks for job `id`. */
  ask(id: number, { head, body }: HostRequest): AwaitedAnswer {
    this.#drain();
    const call = ++this.#calls;
    const message: FromThread = { kind: 'call', id, call, head, body };
    this.#port.postMessage(message, [head.buffer as ArrayBuffer, body.buffer as ArrayBuffer]);
    return { cell: this.#cell, call, take: () => this.#take(call) };
  }

  /** An answer came; one that nobody waits for any more is dropped. */
  receive({ call, head, body }: Extract<ToThread, { kind: 'answer' }>): void {
    if (call === this.#calls) this.#answer = { head, body };
  }

  #take(call: number): HostAnswer {
    this.#drain();
    const answer = this.#answer;
    this.#answer = undefined;
    if (!answer) throw new Error(`the answer of host call ${call} was not in the port`);
    return answer;
  }
}
