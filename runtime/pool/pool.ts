import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { Built, LoadedArtifact } from '../contract/artifact.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { Invocation } from '../contract/invocation.ts';
import type { Invoker } from '../contract/invoker.ts';
import { HOST_GRACE_MS } from '../contract/limits.ts';
import type { Observer } from '../contract/observer.ts';
import type { Outcome } from '../contract/outcome.ts';
import type { BuildOptions } from '../isolate/index.ts';
import type { SnapshotMode } from '../snapshot/index.ts';
import { ProcessArtifacts } from './artifacts.ts';
import type { BuildTask, ServeTask } from './protocol.ts';
import { BATCH, type PendingJob, Thread } from './thread.ts';

export interface PoolOptions {
  /** Threads that run guests. */
  readonly threads: number;
  readonly snapshot: SnapshotMode;
  readonly observer: Observer;
  /** Where a version's artifact, image and files come from; asked once per process and version. */
  readonly load: (version: FunctionVersion) => Promise<LoadedArtifact>;
  /** The module that threads run; our own unless a test needs one that fails. */
  readonly entry?: URL;
}

export interface PoolStatistics {
  readonly threads: number;
  readonly liveIsolates: number;
  /** Invocations that are with a thread or wait for one. */
  readonly inFlight: number;
}

/**
 * The threads. Piscina spawns, replaces and drains them; each serves one everlasting task that takes invocations in
 * batches over a port of its own. An isolate is bound to no thread: a warm one is preferred, any free one will do.
 */
export class Pool {
  readonly #piscina: Piscina;
  readonly #artifacts: ProcessArtifacts;
  readonly #observer: Observer;
  readonly #threads = new Set<Thread>();
  readonly #watchdog: NodeJS.Timeout;
  #waiting: PendingJob[] = [];
  #nextId = 0;
  #closed = false;
  readonly #started: Promise<void>;

  constructor({ threads, snapshot, observer, load, entry }: PoolOptions) {
    this.#observer = observer;
    this.#artifacts = new ProcessArtifacts({ load, mode: snapshot, observer });
    this.#piscina = new Piscina({
      filename: (entry ?? new URL('./worker.js', import.meta.url)).href,
      minThreads: threads,
      maxThreads: threads + BUILDERS,
      idleTimeout: 1_000,
      concurrentTasksPerWorker: 1,
      atomics: 'disabled',
    });
    this.#piscina.on('error', (error: Error) => this.#observer.noticed('error', `a thread failed: ${error.message}`));
    this.#started = Promise.all(Array.from({ length: threads }, () => this.#serve())).then(() => undefined);
    this.#watchdog = setInterval(() => this.#endHanging(), HOST_GRACE_MS / 2).unref();
  }

  /** Resolves when every thread has started. */
  get started(): Promise<void> {
    return this.#started;
  }

  /** Invocations that may be with the threads at a time. */
  get capacity(): number {
    return this.#threads.size * BATCH;
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

  /** The last Invoker: every outcome of a guest comes from here. */
  readonly invoke: Invoker = async (invocation) => {
    const ready = this.#artifacts.ready(invocation.target);
    if (ready) return this.#enqueue(invocation, ready, 0);
    const asked = performance.now();
    let artifact = await this.#artifacts.prepare(invocation.target);
    while (artifact.retired) artifact = await this.#artifacts.prepare(invocation.target);
    return this.#enqueue(invocation, artifact, Math.min(artifact.compileMs, performance.now() - asked));
  };

  /** Compiles a version and opens its image ahead of its first invocation. */
  async prepare(version: FunctionVersion): Promise<void> {
    await this.#artifacts.prepare(version);
  }

  /** Builds an artifact on a thread of its own, so that a large module holds nobody up. */
  build(module: Uint8Array, options: BuildOptions): Promise<Built> {
    const task: BuildTask = { module, options };
    return this.#piscina.run(task, { name: 'build' }) as Promise<Built>;
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
    for (const thread of [...this.#threads]) this.#lose(thread, 'the process is stopping');
    await this.#piscina.destroy();
    this.#artifacts.close();
  }

  #enqueue(invocation: Invocation, artifact: PendingJob['artifact'], compileMs: number): Promise<Outcome> {
    artifact.hold();
    return new Promise((resolve) => {
      const ended = (outcome: Outcome) => {
        artifact.release();
        resolve(outcome);
      };
      this.#assign({ id: this.#nextId++, invocation, artifact, compileMs, resolve: ended });
    });
  }

  #assign(job: PendingJob): void {
    const thread = this.#choose(job.invocation.target.revision);
    if (thread) thread.send(job);
    else this.#waiting.push(job);
  }

  /** An idle thread that is warm, an idle one, then the least loaded with room. */
  #choose(revision: string): Thread | undefined {
    let best: Thread | undefined;
    let bestScore = Number.POSITIVE_INFINITY;
    for (const thread of this.#threads) {
      if (!thread.hasRoom) continue;
      const score = thread.load * 2 + (thread.isWarmFor(revision) ? 0 : 1);
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

  /** Starts a thread's everlasting task; resolves when it is ready. A task that ends unasked is started anew. */
  #serve(): Promise<void> {
    return new Promise((resolve) => {
      const abort = new AbortController();
      const thread: Thread = new Thread({
        ready: () => {
          resolve();
          this.#assignWaiting();
        },
        ended: (job, outcome) => {
          job.resolve(outcome);
          if (this.#waiting.length > 0) this.#assignWaiting();
        },
        returned: (jobs) => {
          for (const job of jobs) this.#assign(job);
        },
        hanging: () => abort.abort(),
      });
      this.#threads.add(thread);
      void this.#runToItsEnd(thread, abort.signal).then((reason) => {
        resolve();
        if (!this.#closed) this.#replace(thread, abort.signal.aborted ? 'a host call did not return' : reason);
      });
    });
  }

  async #runToItsEnd(thread: Thread, signal: AbortSignal): Promise<string> {
    const task: ServeTask = { port: thread.remote, progress: thread.progress };
    try {
      await this.#piscina.run(task, { name: 'serve', transferList: [thread.remote], signal });
      return 'the thread ended';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #replace(thread: Thread, reason: string): void {
    this.#lose(thread, reason);
    void this.#serve();
  }

  /** Ends what was with a thread: what may have begun as crashed; what had not goes to others. */
  #lose(thread: Thread, reason: string): void {
    this.#threads.delete(thread);
    const { begun, untouched } = thread.close();
    for (const job of begun) job.resolve(toCrashed(reason));
    if (!this.#closed) this.#observer.threadDied(reason, begun.length);
    for (const job of untouched) {
      if (this.#closed) job.resolve(toCrashed(reason));
      else this.#assign(job);
    }
  }

  /** The backstop: guests, whose start and handler have their timeout each, stop themselves in time, so a thread that is late hangs in the host. */
  #endHanging(): void {
    const now = performance.now();
    for (const thread of this.#threads) {
      const job = thread.current;
      if (!job) continue;
      const limit = 2 * job.invocation.target.timeoutMs + HOST_GRACE_MS;
      if (now - Math.max(thread.currentSince, thread.readyAt) > limit) thread.hang();
    }
  }
}

/** Threads beyond the serving ones, for building artifacts; they come and go. */
const BUILDERS: number = Math.max(1, Math.floor(availableParallelism() / 2));

function toCrashed(reason: string): Outcome {
  const report = { durationMs: 0, fuel: 0, maxMemoryBytes: 0, queueMs: 0 };
  return { kind: 'crashed', reason, report, log: '' };
}
