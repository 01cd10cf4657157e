import type { Enqueue } from '../contract/async-invocation.ts';
import { LambdaError } from '../contract/errors.ts';
import { ASYNC_QUEUED_BYTES } from '../contract/limits.ts';
import type { Observer } from '../contract/observer.ts';
import type { EventProgress, EventQueue, QueueChanges, QueuedEvent } from '../store/event-queue.ts';
import { Backlog } from './backlog.ts';
import { FreshEvents } from './fresh-events.ts';
import { Journal } from './journal.ts';
import { LineRunner } from './line-runner.ts';
import { Lines } from './lines.ts';
import { type EventEnd, handlingOf, type RunDeps, runEvent } from './run-event.ts';
import { UntoldEnds } from './untold-ends.ts';

export interface AsyncInvocationsDeps extends RunDeps {
  readonly store: EventQueue;
  /**
   * Told of every event that is done with, before it leaves the queue; perhaps twice, when the process is killed between. Where it
   * rejects it is asked again, at growing intervals, and the function does not run meanwhile.
   */
  readonly finished: (event: QueuedEvent, end: EventEnd) => Promise<void>;
  readonly observer: Observer;
  /** Events that may wait; one more is refused. */
  readonly mostEvents: number;
}

/** Events of one function that run at a time. */
const RUNNING_OF_ONE = 32;
/** When an event is tried again under which our own store or registry failed. */
const TROUBLE_MS = 1_000;

/**
 * Invokes functions for callers who do not wait: an event is durable before it is accepted, and runs at least once, however
 * often the process is killed. Functions take turns; each takes its events in the order of their arrival, several at a time.
 */
export class AsyncInvocations {
  readonly #deps: AsyncInvocationsDeps;
  readonly #journal: Journal<QueueChanges['added'][number], EventProgress>;
  readonly #lines = new Lines<QueuedEvent>(
    ({ scope, functionName }) => `${scope.accountId}/${scope.region}/${functionName}`,
  );
  /** When the events in memory were received, oldest first, by id. */
  readonly #received = new Map<number, number>();
  readonly #runner: LineRunner<QueuedEvent>;
  readonly #backlog: Backlog<QueuedEvent>;
  readonly #untold = new UntoldEnds();
  readonly #fresh: FreshEvents;
  /** Of everything in the queue, whether it has been read or not. */
  #events = 0;
  #bytes = 0;

  constructor(deps: AsyncInvocationsDeps) {
    this.#deps = deps;
    this.#fresh = new FreshEvents(deps.store);
    this.#backlog = new Backlog({
      count: () => this.#countStored(),
      page: (after, limit) => deps.store.page(after, limit),
      take: (event) => this.#lineUp(event),
      isStopped: () => this.#runner.isStopped,
      failed: ({ message }) => deps.observer.noticed('error', `Asynchronous events cannot be read: ${message}`),
    });
    this.#journal = new Journal({
      ...{ observer: deps.observer, subject: 'Asynchronous events' },
      write: (changes) => deps.store.write(changes),
    });
    this.#runner = new LineRunner({
      ...{ lines: this.#lines, clock: deps.clock },
      run: (event) => this.#run(event),
      mostOf: (event) => this.#mostOf(event),
    });
  }

  /** Events that wait or run. */
  get size(): number {
    return this.#events;
  }

  /** Age of the oldest of them, in milliseconds. */
  get age(): number {
    const oldest = this.#received.values().next().value;
    return oldest === undefined ? 0 : Math.max(0, this.#deps.clock() - oldest);
  }

  readonly enqueue: Enqueue = async ({ event, ...head }) => {
    await this.#backlog.counted();
    const bytes = event.byteLength;
    if (this.#events >= this.#deps.mostEvents || this.#bytes + bytes > ASYNC_QUEUED_BYTES) throw full();
    const queued = { ...head, id: this.#backlog.nextId(), bytes, failures: 0, throttles: 0, dueAt: head.receivedAt };
    this.#count(1, bytes);
    try {
      await this.#journal.add({ queued, event }, bytes);
    } catch (error) {
      this.#count(-1, -bytes);
      throw error;
    }
    this.#fresh.keep(queued.id, event);
    // What an earlier process has left is older.
    void this.#backlog.taken().then(() => this.#lineUp(queued));
  };

  /** Takes up what an earlier process has left. Never rejects: the observer is told. */
  open(): Promise<void> {
    return this.#backlog.taken();
  }

  /** Begins nothing any more; resolves when nothing runs. What is not done stays for the next process. */
  drain(): Promise<void> {
    return this.#runner.drain();
  }

  /** Writes what is to be written. */
  async close(): Promise<void> {
    this.#runner.stop();
    await this.#backlog.settled();
    await this.#journal.close();
  }

  /** Answers the last id that was given. */
  async #countStored(): Promise<number> {
    const { events, bytes, lastId } = await this.#deps.store.summary();
    this.#count(events, bytes);
    return lastId;
  }

  #lineUp(event: QueuedEvent): void {
    this.#received.set(event.id, event.receivedAt);
    this.#lines.add(event, this.#deps.clock());
    this.#runner.schedule();
  }

  /** A function with a reservation gets no more events at a time than it may run. */
  #mostOf(event: QueuedEvent): number {
    const reserved = handlingOf(event, this.#deps.targets)?.reserved ?? RUNNING_OF_ONE;
    return Math.max(1, Math.min(reserved, RUNNING_OF_ONE));
  }

  async #run(event: QueuedEvent): Promise<void> {
    const { clock, observer } = this.#deps;
    try {
      const untold = this.#untold.get(event.id);
      if (untold !== undefined) return await this.#finish(event, untold);
      const verdict = await runEvent(event, { ...this.#deps, store: this.#fresh });
      if (verdict.kind === 'finished') return await this.#finish(event, verdict.end);
      if (this.#runner.isStopped && verdict.isNobodysFault) return;
      this.#journal.progress(verdict.progress);
      const next = { ...event, ...verdict.progress };
      if (verdict.isThrottled) this.#lines.pause(event, next.dueAt);
      this.#lines.add(next, clock());
    } catch (error) {
      observer.noticed('error', `An asynchronous event could not be run: ${(error as Error).message}`);
      this.#lines.add({ ...event, dueAt: clock() + TROUBLE_MS }, clock());
    }
  }

  async #finish(event: QueuedEvent, end: EventEnd): Promise<void> {
    try {
      await this.#deps.finished(event, end);
    } catch (error) {
      const delay = this.#untold.keep(event.id, end);
      if (delay !== undefined) return this.#standAside(event, delay);
      const message = `Nobody could be told how event ${event.requestId} of ${event.functionName} ended`;
      this.#deps.observer.noticed('error', `${message}: ${(error as Error).message}`);
    }
    this.#deps.observer.asyncEventEnded(event.functionName, end.ending);
    this.#untold.forget(event.id);
    this.#fresh.forget(event.id);
    this.#received.delete(event.id);
    this.#count(-1, -event.bytes);
    this.#journal.remove(event.id);
  }

  #standAside(event: QueuedEvent, delay: number): void {
    const now = this.#deps.clock();
    this.#lines.pause(event, now + delay);
    this.#lines.add({ ...event, dueAt: now + delay }, now);
  }

  #count(events: number, bytes: number): void {
    this.#events += events;
    this.#bytes += bytes;
  }
}

function full(): LambdaError {
  return new LambdaError('TooManyRequestsException', 'Rate Exceeded.', {
    members: { Reason: 'CallerRateLimitExceeded' },
    headers: { 'retry-after': '1' },
  });
}
