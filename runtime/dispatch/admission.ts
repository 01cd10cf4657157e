import type { Invocation } from '../contract/invocation.ts';
import type { Invoker } from '../contract/invoker.ts';
import { QUEUED_BYTES } from '../contract/limits.ts';
import type { Outcome, RefusalReason } from '../contract/outcome.ts';
import { ConcurrencyLimits, type FunctionLoad } from './concurrency-limits.ts';
import { FairQueues } from './fair-queues.ts';

export interface AdmissionOptions {
  /** Invocations that the next layer takes at a time. */
  readonly capacity: () => number;
  /** Invocations of one function that may wait; one more is refused at once, unless it is within its reservation. */
  readonly queuePerFunction: number;
  /** Invocations of one account in one region that may run and wait together: Lambda's account concurrency. */
  readonly accountConcurrency: number;
  /** How much of what the account has not reserved is this process's part; all of it when absent. */
  readonly share?: ((count: number) => number) | undefined;
}

interface Waiting {
  readonly invocation: Invocation;
  readonly load: FunctionLoad;
  readonly resolve: (outcome: Promise<Outcome>) => void;
}

/**
 * A layer that lets in what there is room for within the concurrency limits, keeps a bounded fair queue, and refuses the
 * rest without waiting.
 */
export class Admission {
  readonly #next: Invoker;
  readonly #options: AdmissionOptions;
  readonly #limits: ConcurrencyLimits;
  readonly #queues = new FairQueues<Waiting>();
  #running = 0;
  #queuedBytes = 0;
  #draining = false;

  constructor(options: AdmissionOptions, next: Invoker) {
    this.#options = options;
    this.#limits = new ConcurrencyLimits(options.accountConcurrency, options.share);
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
    if (this.#draining) return Promise.resolve(refused('ConcurrentInvocationLimitExceeded'));
    const load = this.#limits.enter(arn);
    if (typeof load === 'string') return Promise.resolve(refused(load));
    if (this.#running < this.#options.capacity()) return this.#run(invocation, load);
    const isFull = load.reserved === undefined && this.#queues.sizeOf(arn) >= this.#options.queuePerFunction;
    if (isFull || this.#queuedBytes + event.byteLength > QUEUED_BYTES) {
      this.#limits.leave(load);
      return Promise.resolve(refused('ConcurrentInvocationLimitExceeded'));
    }
    this.#queuedBytes += event.byteLength;
    return new Promise((resolve) => this.#queues.push(arn, { invocation, load, resolve }));
  };

  /**
   * Lets at most `count` invocations of a function in at a time, and keeps room for as many; undefined lifts that. It holds
   * from the next invocation on.
   */
  reserve(arn: string, count: number | undefined): void {
    this.#limits.reserve(arn, count);
  }

  /** Lets in what waits as far as there is room: to be called when the capacity has grown. */
  refill(): void {
    while (this.#queues.size > 0 && this.#running < this.#options.capacity()) {
      const { invocation, load, resolve } = this.#queues.shift() as Waiting;
      this.#queuedBytes -= invocation.event.byteLength;
      resolve(this.#run(invocation, load));
    }
  }

  /** Refuses whatever comes from now on; what was let in or waits is finished. */
  drain(): void {
    this.#draining = true;
  }

  async #run(invocation: Invocation, load: FunctionLoad): Promise<Outcome> {
    this.#running++;
    try {
      return await this.#next(invocation);
    } finally {
      this.#running--;
      this.#limits.leave(load);
      this.refill();
    }
  }
}

function refused(reason: RefusalReason): Outcome {
  return { kind: 'refused', reason, retryAfterSeconds: 1 };
}
