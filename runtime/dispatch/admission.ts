import type { Invocation } from '../contract/invocation.ts';
import type { Invoker } from '../contract/invoker.ts';
import { QUEUED_BYTES } from '../contract/limits.ts';
import type { Outcome, RefusalReason, Report } from '../contract/outcome.ts';
import { ConcurrencyLimits, type FunctionLoad } from './concurrency-limits.ts';
import { FairQueues } from './fair-queues.ts';
import { Paces } from './paces.ts';
import { SlowLane, type SlowLaneOptions } from './slow-lane.ts';

export interface AdmissionOptions {
  /** Invocations that the next layer takes at a time, those of the slow lane besides. */
  readonly capacity: () => number;
  /** Makes known what the next layer has done with since it was last asked. */
  readonly lookUp?: () => void;
  /** Invocations of one function that may wait; one more is refused at once, unless it is within its reservation. */
  readonly queuePerFunction: number;
  /** Invocations of one account in one region that may run and wait together: Lambda's account concurrency. */
  readonly accountConcurrency: number;
  /** How much of what the account has not reserved is this process's part; all of it when absent. */
  readonly share?: ((count: number) => number) | undefined;
  /** Where invocations go that are not known to be quick; all are taken for quick when absent. */
  readonly slow?: SlowLaneOptions;
}

interface Waiting {
  readonly invocation: Invocation;
  readonly load: FunctionLoad;
  readonly resolve: (outcome: Promise<Outcome>) => void;
}

/**
 * A layer that lets in what there is room for within the concurrency limits, keeps bounded fair queues, and refuses the
 * rest without waiting. What is quick goes past what is not.
 */
export class Admission {
  readonly #next: Invoker;
  readonly #options: AdmissionOptions;
  readonly #limits: ConcurrencyLimits;
  readonly #paces = new Paces();
  readonly #slow: SlowLane | undefined;
  readonly #quickQueues = new FairQueues<Waiting>();
  readonly #slowQueues = new FairQueues<Waiting>();
  /** Invocations that the next layer has and that are not in the slow lane. */
  #quick = 0;
  #queuedBytes = 0;
  #draining = false;

  constructor(options: AdmissionOptions, next: Invoker) {
    this.#options = options;
    this.#limits = new ConcurrencyLimits(options.accountConcurrency, options.share);
    this.#slow = options.slow && new SlowLane(options.slow);
    this.#next = next;
  }

  /** Invocations that the next layer has now. */
  get running(): number {
    return this.#quick + (this.#slow?.size ?? 0);
  }

  get queued(): number {
    return this.#quickQueues.size + this.#slowQueues.size;
  }

  readonly invoke: Invoker = (invocation) => {
    this.#options.lookUp?.();
    const { event, target } = invocation;
    const { arn } = target;
    if (this.#draining) return Promise.resolve(refused('ConcurrentInvocationLimitExceeded'));
    const load = this.#enter(arn);
    if (typeof load === 'string') return Promise.resolve(refused(load));
    const queues = this.#queuesOf(arn);
    if (this.#hasRoom(queues, invocation, load)) return this.#run(invocation, load, queues);
    const isFull = load.reserved === undefined && queues.sizeOf(arn) >= this.#options.queuePerFunction;
    if (isFull || this.#queuedBytes + event.byteLength > QUEUED_BYTES) {
      this.#limits.leave(load);
      return Promise.resolve(refused('ConcurrentInvocationLimitExceeded'));
    }
    this.#queuedBytes += event.byteLength;
    return new Promise((resolve) => {
      const waiting = { invocation, load, resolve };
      // Whoever is inside and waits for this one has a place that those behind it in the queue want.
      if (invocation.isNested) queues.pushFirst(arn, waiting);
      else queues.push(arn, waiting);
    });
  };

  /** Why an invocation of this function would be refused now, whatever its event; undefined when it may come. */
  refusal(arn: string): RefusalReason | undefined {
    if (this.#draining) return 'ConcurrentInvocationLimitExceeded';
    const load = this.#limits.enter(arn);
    if (typeof load === 'string') return load;
    this.#limits.leave(load);
    const isFull = load.reserved === undefined && this.#queuesOf(arn).sizeOf(arn) >= this.#options.queuePerFunction;
    return isFull ? 'ConcurrentInvocationLimitExceeded' : undefined;
  }

  /** True of an invocation that shares its thread with no other. */
  isSlow(invocation: Invocation): boolean {
    return this.#slow?.has(invocation) ?? false;
  }

  /** An invocation is no quick one, whatever its function was so far. To be told while the next layer has it. */
  ranLong(invocation: Invocation): void {
    if (!this.#slow || this.#slow.has(invocation)) return;
    this.#quick--;
    this.#slow.enter(invocation);
    this.refill();
  }

  /** An invocation goes on for long, or waits for the host: another thread stands in for its own. */
  settled(invocation: Invocation): void {
    if (!this.#slow) return;
    this.ranLong(invocation);
    if (this.#slow.settle(invocation)) this.refill();
  }

  /**
   * Lets at most `count` invocations of a function in at a time, and keeps room for as many; undefined lifts that. It holds
   * from the next invocation on.
   */
  reserve(arn: string, count: number | undefined): void {
    this.#limits.reserve(arn, count);
  }

  /** Lets in what waits as far as there is room: to be called when the capacity has grown. */
  refill(): void {
    this.#refillSlow();
    while (this.#quickQueues.size > 0 && this.#quick < this.#options.capacity()) {
      const next = this.#quickQueues.shift() as Waiting;
      const { arn } = next.invocation.target;
      if (this.#queuesOf(arn) === this.#quickQueues) this.#admit(next, this.#quickQueues);
      else for (const waiting of [next, ...this.#quickQueues.takeAll(arn)]) this.#slowQueues.push(arn, waiting);
    }
    this.#refillSlow();
  }

  /** Refuses whatever comes from now on; what was let in or waits is finished. */
  drain(): void {
    this.#draining = true;
  }

  /** Where the account has as many as it may, a slow function with more waiting than this one has inside gives up its last. */
  #enter(arn: string): FunctionLoad | RefusalReason {
    const entered = this.#limits.enter(arn);
    const own = this.#limits.loadOf(arn);
    if (typeof entered !== 'string' || own?.reserved !== undefined) return entered;
    const isNeighbour = ({ load }: Waiting) => load.account === own?.account && load.reserved === undefined;
    const count = (own?.inside ?? 0) + 1;
    const dropped = this.#slowQueues.popLongest(count, isNeighbour);
    if (!dropped) return entered;
    this.#queuedBytes -= dropped.invocation.event.byteLength;
    this.#limits.leave(dropped.load);
    dropped.resolve(Promise.resolve(refused('ConcurrentInvocationLimitExceeded')));
    return this.#limits.enter(arn);
  }

  #refillSlow(): void {
    while (this.#slowQueues.size > 0 && this.#slow?.hasRoom) {
      const next = this.#slowQueues.shift(({ invocation, load }) =>
        this.#hasRoom(this.#queuesOf(invocation.target.arn), invocation, load),
      );
      if (!next) return;
      const { arn } = next.invocation.target;
      const queues = this.#queuesOf(arn);
      this.#admit(next, queues);
      if (queues === this.#slowQueues) continue;
      for (const waiting of this.#slowQueues.takeAll(arn)) this.#quickQueues.push(arn, waiting);
    }
  }

  #queuesOf(arn: string): FairQueues<Waiting> {
    const isSlow = this.#slow && (this.#slow.held(arn) > 1 || !this.#paces.isQuick(arn));
    return isSlow ? this.#slowQueues : this.#quickQueues;
  }

  #hasRoom(queues: FairQueues<Waiting>, invocation: Invocation, load: FunctionLoad): boolean {
    if (queues === this.#quickQueues) return this.#quick < this.#options.capacity();
    const isOwed = invocation.isNested === true || load.reserved !== undefined;
    return this.#slow?.mayEnter(invocation, isOwed ? 'owed' : 'shared') ?? true;
  }

  #admit({ invocation, load, resolve }: Waiting, queues: FairQueues<Waiting>): void {
    this.#queuedBytes -= invocation.event.byteLength;
    resolve(this.#run(invocation, load, queues));
  }

  async #run(invocation: Invocation, load: FunctionLoad, queues: FairQueues<Waiting>): Promise<Outcome> {
    if (queues === this.#quickQueues) this.#quick++;
    else this.#slow?.enter(invocation);
    try {
      const outcome = await this.#next(invocation);
      if (this.#slow && outcome.kind !== 'refused') {
        this.#paces.learn(invocation.target.arn, outcome.kind === 'crashed' ? CRASH_MS : toOwnMs(outcome.report));
      }
      return outcome;
    } finally {
      if (!this.#slow?.leave(invocation)) this.#quick--;
      this.#limits.leave(load);
      this.refill();
    }
  }
}

/** What costs a thread counts as long. */
const CRASH_MS: number = Number.POSITIVE_INFINITY;

function refused(reason: RefusalReason): Outcome {
  return { kind: 'refused', reason, retryAfterSeconds: 1 };
}

/** How long an invocation would have run if nobody had held it up, in milliseconds. */
function toOwnMs({ durationMs, heldUpMs = 0 }: Report): number {
  return durationMs - heldUpMs;
}
