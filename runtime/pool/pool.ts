import { availableParallelism } from 'node:os';
import type { Built } from '../contract/artifact.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import { type ServeHostCall, toHostError } from '../contract/host-call.ts';
import type { Invocation } from '../contract/invocation.ts';
import type { Invoker } from '../contract/invoker.ts';
import { HOST_GRACE_MS } from '../contract/limits.ts';
import type { Observer } from '../contract/observer.ts';
import type { Outcome } from '../contract/outcome.ts';
import type { CpuMode } from '../isolate/cpu-share.ts';
import type { BuildOptions } from '../isolate/index.ts';
import { ProcessArtifacts } from './artifacts.ts';
import { Builders } from './builders.ts';
import { LiveIsolates } from './live-isolates.ts';
import { Parking } from './parking.ts';
import { NO_TURNS, type PoolOptions, type PoolStatistics, type PoolTurns } from './pool-options.ts';
import { Provisions } from './provisions.ts';
import { runThread } from './run-thread.ts';
import { StreamCredit } from './stream-credit.ts';
import { BATCH, type PendingJob, Thread } from './thread.ts';
import { Turns } from './turns.ts';

/** The first thread has the machine to itself for this long after its start, in milliseconds, unless others are needed. */
const HEAD_START_MS = 1_000;

/**
 * The threads; each takes invocations in batches over a port of its own. An isolate is bound to no thread: a warm one is
 * preferred, any free one will do. The first thread starts at once, the others when there is work for them or a moment
 * later, so that a process answers its first request before it has started everything.
 */
export class Pool {
  readonly #entry: URL;
  readonly #cpu: CpuMode;
  readonly #artifacts: ProcessArtifacts;
  readonly #live: LiveIsolates;
  readonly #provisions: Provisions;
  readonly #builders = new Builders();
  readonly #observer: Observer;
  readonly #threads = new Set<Thread>();
  readonly #parking: Parking;
  readonly #cpuTurns: Turns;
  /** Of the parked threads, those that waited for a client when last looked at. */
  readonly #slow = new Set<Thread>();
  readonly #hostCalls: ServeHostCall;
  readonly #turns: PoolTurns;
  /** Settles when the threads that were ever started have ended. */
  readonly #running = new Set<Promise<void>>();
  readonly #watchdog: NodeJS.Timeout;
  readonly #headStart: NodeJS.Timeout;
  #waiting: PendingJob[] = [];
  #nextId = 0;
  #lookedUp = 0;
  #closed = false;
  /** True once the first thread's head start is over. */
  #hasAllStarted = false;

  constructor(options: PoolOptions) {
    const { threads, snapshot, cpu, observer, mostMemories, cacheBytes, load, entry } = options;
    this.#entry = entry ?? new URL('./worker.js', import.meta.url);
    this.#cpu = cpu;
    this.#turns = options.turns ?? NO_TURNS;
    this.#hostCalls = options.hostCalls ?? (async () => NOTHING_OFFERED);
    const { mostParked = 0, mostAside = 0 } = options;
    const limit = threads + mostParked + mostAside;
    this.#parking = new Parking(this.#threads, { wanted: threads, most: mostParked, limit });
    this.#cpuTurns = Turns.create(limit, options.cores ?? availableParallelism());
    this.#observer = observer;
    this.#live = new LiveIsolates(mostMemories);
    this.#artifacts = new ProcessArtifacts({
      ...{ load, mode: snapshot, observer, mostBytes: cacheBytes },
      evicted: (image) => this.forget(image),
    });
    this.#provisions = new Provisions(this.#threads, (version) => this.#artifacts.prepare(version));
    for (let index = 0; index < threads; index++) this.#addThread();
    void this.#threads.values().next().value?.start();
    this.#headStart = setTimeout(() => void this.startAll(), HEAD_START_MS).unref();
    this.#watchdog = setInterval(() => this.#look(), HOST_GRACE_MS / 2).unref();
  }

  /** Starts every thread; resolves when all have started. */
  async startAll(): Promise<void> {
    this.#hasAllStarted = true;
    await Promise.all([...this.#threads].map((thread) => thread.start()));
  }

  /** Invocations that may be with the threads at a time, besides those that have one to themselves or wait. */
  get capacity(): number {
    return this.#parking.running * BATCH;
  }

  get statistics(): PoolStatistics {
    let liveIsolates = 0;
    let inFlight = this.#waiting.length;
    for (const thread of this.#threads) {
      liveIsolates += thread.liveIsolates;
      inFlight += thread.load;
    }
    return { threads: this.#threads.size, liveIsolates, inFlight };
  }

  /**
   * To be called when an invocation comes: a turn of the event loop may bring a thousand, and last for thirty milliseconds, in which
   * threads would wait for work, and room that there is would not be known of.
   */
  lookUp(): void {
    const now = performance.now();
    if (now - this.#lookedUp < LOOK_UP_MS) return;
    for (const thread of this.#threads) thread.exchange();
    this.#lookedUp = performance.now();
  }

  /** The last Invoker: every outcome of a guest comes from here. */
  readonly invoke: Invoker = (invocation) => {
    const ready = this.#artifacts.ready(invocation.target);
    return ready ? this.#enqueue(invocation, ready, 0) : this.#prepareFor(invocation);
  };

  /**
   * Keeps `count` isolates of a version restored ahead, whatever else must go; 0 lets them go. Resolves when the threads
   * have been told; rejects when the version cannot be loaded.
   */
  provision(version: FunctionVersion, count: number): Promise<void> {
    return this.#provisions.set(version, count);
  }

  /** Provisioned isolates of a revision that are restored now. */
  provisioned(revision: string): number {
    return this.#provisions.ready(revision);
  }

  /** Compiles a version and opens its image ahead of its first invocation. */
  async prepare(version: FunctionVersion): Promise<void> {
    await this.#artifacts.prepare(version);
  }

  /** Versions that were used or prepared last, the latest first. */
  recentlyUsed(limit: number): readonly FunctionVersion[] {
    return this.#artifacts.recentlyUsed(limit);
  }

  /** Builds an artifact on a thread of its own, so that a large module holds nobody up. */
  build(module: Uint8Array, options: BuildOptions): Promise<Built> {
    return this.#builders.build({ module, options });
  }

  /** Lets go of a version's image everywhere, when nothing will invoke it any more. */
  forget(image: string): void {
    for (const thread of this.#threads) thread.forget(image);
    this.#artifacts.forget(image);
  }

  /** Ends the threads; invocations that are still with them end as crashed. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#watchdog);
    clearTimeout(this.#headStart);
    for (const thread of [...this.#threads]) {
      this.#lose(thread, 'the process is stopping');
      thread.end();
    }
    await Promise.all([...this.#running, this.#builders.close()]);
    this.#artifacts.close();
  }

  async #prepareFor(invocation: Invocation): Promise<Outcome> {
    const asked = performance.now();
    let artifact = await this.#artifacts.prepare(invocation.target);
    while (artifact.retired) artifact = await this.#artifacts.prepare(invocation.target);
    return this.#enqueue(invocation, artifact, Math.min(artifact.compileMs, performance.now() - asked));
  }

  #enqueue(invocation: Invocation, artifact: PendingJob['artifact'], compileMs: number): Promise<Outcome> {
    artifact.hold();
    artifact.pin();
    return new Promise((resolve) => {
      const ended = (outcome: Outcome) => {
        if (outcome.kind !== 'refused' && outcome.kind !== 'crashed') artifact.learn(outcome.report.durationMs);
        artifact.unpin();
        artifact.release();
        resolve(outcome);
      };
      const job = { id: this.#nextId++, invocation, artifact, compileMs, resolve: ended };
      this.#assign(invocation.stream ? { ...job, credit: StreamCredit.create() } : job);
    });
  }

  #assign(job: PendingJob): void {
    if (this.#turns.isSlow(job.invocation)) {
      const alone = this.#chooseAlone(job.invocation.target);
      if (alone) alone.sendAlone(job);
      else this.#waiting.push(job);
      return;
    }
    const thread = this.#choose(job);
    if (thread) thread.send(job);
    else this.#waiting.push(job);
  }

  /**
   * An idle thread, warm if possible, that quick work can spare; else one that is started for it. They start one after another:
   * a start takes a core for as long as hundreds of quick invocations. Whoever keeps state between invocations wants it again, more
   * than quick work wants the thread that it is in.
   */
  #chooseAlone({ revision, isolation }: FunctionVersion): Thread | undefined {
    if (isolation === 'environment') {
      for (const thread of this.#threads) if (isFree(thread) && thread.isWarmFor(revision)) return thread;
    }
    const idle = this.#hasAllStarted ? this.#parking.spare : [...this.#threads].filter(isFree);
    const chosen = idle.find((thread) => thread.isWarmFor(revision)) ?? idle[0];
    if (chosen || this.#parking.isStarting) return chosen;
    for (const thread of this.#threads) if (isFree(thread) && !thread.isReady) return thread;
    return this.#parking.lacks ? this.#addThread() : undefined;
  }

  /**
   * A warm thread that will be done in next to no time, the busiest such, so that few threads are woken and told of much at once;
   * else an idle thread, then the least loaded with room; one that must start first is a last resort.
   */
  #choose({ artifact, invocation }: PendingJob): Thread | undefined {
    const { revision } = invocation.target;
    let best: Thread | undefined;
    let bestScore = Number.POSITIVE_INFINITY;
    for (const thread of this.#threads) {
      if (!thread.hasRoom) continue;
      const start = thread.hasStarted ? 0 : START_SCORE;
      const isWarm = thread.isWarmFor(revision);
      const expectedMs = isWarm ? thread.expectedMs : 0;
      const isTogether = isWarm && expectedMs + artifact.expectedMs <= TOGETHER_MS;
      const score = isTogether ? -expectedMs : thread.load * 2 + (isWarm ? 0 : 1) + start;
      if (score < bestScore) {
        best = thread;
        bestScore = score;
      }
    }
    return best;
  }

  #assignWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const job of waiting) this.#assign(job);
  }

  #addThread(): Thread {
    const thread: Thread = new Thread(
      {
        ready: () => this.#assignWaiting(),
        ended: (job, outcome) => {
          job.resolve(outcome);
          if (this.#waiting.length > 0) this.#assignWaiting();
        },
        returned: (jobs) => {
          for (const job of jobs) this.#assign(job);
        },
        setAside: () => this.#setAside(thread),
        opened: () => this.#parking.takeBack(thread),
        long: ({ invocation }) => {
          this.#turns.ranLong(invocation);
          this.#standIn();
        },
        settled: ({ invocation }) => this.#turns.settled(invocation),
        logged: ({ invocation }, log) => this.#observer.invocationLogged(invocation, log),
        calls: {
          serve: (call) => this.#hostCalls(call),
          park: () => this.#park(thread),
          unpark: () => this.#parking.leave(thread),
        },
        run: (task, signal) => {
          const run = runThread(this.#entry, { ...task, cpu: this.#cpu }, signal).then((reason) => {
            this.#running.delete(run);
            if (this.#threads.has(thread))
              this.#replace(thread, signal.aborted ? 'a host call did not return' : reason);
          });
          this.#running.add(run);
        },
      },
      this.#live,
      this.#cpuTurns,
      this.#freeSeat(),
    );
    this.#threads.add(thread);
    return thread;
  }

  /** There are as many seats as there may be threads. */
  #freeSeat(): number {
    const taken = new Set([...this.#threads].map(({ seat }) => seat));
    let seat = 0;
    while (taken.has(seat)) seat++;
    return seat;
  }

  /** A thread is about to wait in a host call: another one is there for those behind it, and for what it waits for. */
  #park(thread: Thread): boolean {
    const job = thread.current;
    if (!this.#parking.enter(thread)) return false;
    if (this.#parking.lacks) this.#addThread();
    if (job) this.#turns.settled(job.invocation);
    this.#assignWaiting();
    this.#turns.grown();
    return true;
  }

  #setAside(thread: Thread): void {
    this.#parking.setAside(thread);
    if (this.#parking.lacks) this.#addThread();
  }

  /** Quick work finds a thread that has started. */
  #standIn(): void {
    if (!this.#parking.isShort) return;
    for (const thread of this.#threads) {
      if (thread.hasStarted) continue;
      void thread.start();
      return;
    }
  }

  #replace(thread: Thread, reason: string): void {
    this.#lose(thread, reason);
    if (this.#parking.lacks) void this.#addThread().start();
    this.#provisions.spreadAgain();
  }

  /** Ends what was with a thread: what may have begun as crashed; what had not goes to others. */
  #lose(thread: Thread, reason: string): void {
    this.#threads.delete(thread);
    this.#parking.takeBack(thread);
    if (this.#slow.delete(thread)) this.#parking.leave(thread);
    const { begun, untouched } = thread.close();
    for (const job of begun) job.resolve(toCrashed(reason));
    if (!this.#closed) this.#observer.threadDied(reason, begun.length);
    for (const job of untouched) {
      if (this.#closed) job.resolve(toCrashed(reason));
      else this.#assign(job);
    }
  }

  #look(): void {
    const now = performance.now();
    this.#endHanging(now);
    this.#parkStreams();
    const surplus = this.#parking.surplus(now);
    for (const thread of surplus) {
      this.#threads.delete(thread);
      thread.close();
    }
    if (surplus.length > 0) this.#provisions.spreadAgain();
  }

  /** Others stand in for threads whose guests wait for slow clients. */
  #parkStreams(): void {
    for (const thread of [...this.#threads]) {
      if (thread.waitsForClient && this.#park(thread)) this.#slow.add(thread);
      else if (this.#slow.delete(thread)) this.#parking.leave(thread);
    }
  }

  /** The backstop: guests, whose start and handler have their timeout each, stop themselves in time, so a thread that is late hangs in the host. */
  #endHanging(now: number): void {
    for (const thread of this.#threads) {
      const job = thread.current;
      if (!job) continue;
      const limit = 2 * job.invocation.target.timeoutMs + HOST_GRACE_MS;
      if (now - Math.max(thread.currentSince, thread.readyAt) > limit) thread.end();
    }
  }
}

/** What a thread may have to do before another one is woken, in milliseconds: waking one takes about as long. */
const TOGETHER_MS = 0.1;

/** Starting a thread takes as long as many small invocations: this many jobs may wait for one that runs, times two. */
const START_SCORE = 8;

/** Threads are looked at this often, in milliseconds, within a turn of the event loop. */
const LOOK_UP_MS = 1;
const isFree = (thread: Thread): boolean => thread.load === 0 && thread.hasRoom;

const NOTHING_OFFERED = toHostError('NotAvailable', 'This host offers no calls.');

function toCrashed(reason: string): Outcome {
  const report = { durationMs: 0, fuel: 0, maxMemoryBytes: 0, queueMs: 0 };
  return { kind: 'crashed', reason, report, log: '' };
}
