import type { Invocation } from '../contract/invocation.ts';
import type { Invoker } from '../contract/invoker.ts';
import { QUEUED_BYTES } from '../contract/limits.ts';
import type { Outcome } from '../contract/outcome.ts';
import { FairQueues } from './fair-queues.ts';

export interface AdmissionOptions {
  /** Invocations that the next layer takes at a time. */
  readonly capacity: () => number;
  /** Invocations of one function that may wait; one more is refused at once. */
  readonly queuePerFunction: number;
}

/** A layer that lets in what there is room for, keeps a bounded fair queue, and refuses the rest without waiting. */
export class Admission {
  readonly #next: Invoker;
  readonly #options: AdmissionOptions;
  readonly #queues = new FairQueues<{ invocation: Invocation; resolve: (outcome: Promise<Outcome>) => void }>();
  #running = 0;
  #queuedBytes = 0;
  #draining = false;

  constructor(options: AdmissionOptions, next: Invoker) {
    this.#options = options;
    this.#next = next;
  }

  /** Invocations that the next layer has now. */
  get running(): number {
    return this.#running;
  }

  get queued(): number {
    return this.#queues.size;
  }

  readonly invoke: Invoker = (invocation) => {
    const { event, target } = invocation;
    const { arn } = target;
    if (this.#draining) return Promise.resolve(refused());
    if (this.#running < this.#options.capacity()) return this.#run(invocation);
    const isFull = this.#queues.sizeOf(arn) >= this.#options.queuePerFunction;
    if (isFull || this.#queuedBytes + event.byteLength > QUEUED_BYTES) return Promise.resolve(refused());
    this.#queuedBytes += event.byteLength;
    return new Promise((resolve) => this.#queues.push(arn, { invocation, resolve }));
  };

  /** Refuses whatever comes from now on; what was let in or waits is finished. */
  drain(): void {
    this.#draining = true;
  }

  async #run(invocation: Invocation): Promise<Outcome> {
    this.#running++;
    try {
      return await this.#next(invocation);
    } finally {
      this.#running--;
      const waiting = this.#queues.shift();
      if (waiting) {
        this.#queuedBytes -= waiting.invocation.event.byteLength;
        waiting.resolve(this.#run(waiting.invocation));
      }
    }
  }
}

function refused(): Outcome {
  return { kind: 'refused', reason: 'ConcurrentInvocationLimitExceeded', retryAfterSeconds: 1 };
}
