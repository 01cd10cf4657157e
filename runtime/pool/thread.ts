import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { Invocation } from '../contract/invocation.ts';
import type { Outcome } from '../contract/outcome.ts';
import type { StreamChunk } from '../contract/response-stream.ts';
import type { ProcessArtifact } from './artifacts.ts';
import { type Job, packJobs } from './job-batch.ts';
import type { LiveIsolate, LiveIsolates } from './live-isolates.ts';
import { NativeLoading } from './native-loading.ts';
import { type CallEvents, OpenCall } from './open-call.ts';
import { unpackOutcomes } from './outcome-batch.ts';
import { toTransferList } from './packed-bytes.ts';
import type { FromThread, ServeTask, ToThread } from './protocol.ts';
import { StreamCredit } from './stream-credit.ts';
import type { Turns } from './turns.ts';

/** One invocation in the pool, from the moment it is asked for until its outcome is known. */
export interface PendingJob {
  readonly id: number;
  readonly invocation: Invocation;
  readonly artifact: ProcessArtifact;
  /** What this invocation waited for compiling, 0 when the module was there. */
  readonly compileMs: number;
  /** Of an invocation with a stream. */
  readonly credit?: SharedArrayBuffer;
  readonly resolve: (outcome: Outcome) => void;
}

/** What a thread reports to its pool. */
export interface ThreadEvents {
  ready(): void;
  ended(job: PendingJob, outcome: Outcome): void;
  returned(jobs: readonly PendingJob[]): void;
  /** It is one job's alone from now on, until it is told to be open again. */
  setAside(): void;
  opened(): void;
  /** The job that runs is no quick one. */
  long(job: PendingJob): void;
  settled(job: PendingJob): void;
  /** Its guest has logged this by now. */
  logged(job: PendingJob, log: string): void;
  readonly calls: CallEvents;
  /** It is needed: run `task` in a thread until that ends, or `signal` aborts. */
  run(task: Omit<ServeTask, 'cpu'>, signal: AbortSignal): void;
}

/** Jobs that may be with a thread at a time, running or waiting in its port. */
export const BATCH = 16;

/** The main thread's end of one serving thread: what is with it, what it knows, and its port. */
export class Thread {
  #startedAt = Number.POSITIVE_INFINITY;
  readyAt: number = Number.POSITIVE_INFINITY;
  liveIsolates = 0;
  /** True while it runs an invocation that made it give the others back, or may: nothing more is sent to it. */
  long = false;
  /** When the job that runs now can have begun at the earliest, on the clock of `performance.now()`. */
  currentSince = 0;
  readonly #events: ThreadEvents;
  readonly #live: LiveIsolates;
  readonly #turns: Turns;
  /** Its place in the turns. */
  readonly seat: number;
  /** It was counted as having quick work. */
  #isBusy = false;
  readonly #port: MessagePort;
  /** The thread's own end of the channel, to be handed over once. */
  readonly #remote: MessagePort;
  readonly #progress: SharedArrayBuffer = new SharedArrayBuffer(4);
  readonly #answered: SharedArrayBuffer = new SharedArrayBuffer(4);
  readonly #loading = new NativeLoading();
  readonly #call: OpenCall;
  readonly #abort = new AbortController();
  readonly #ready: Promise<void>;
  #resolveReady: () => void = () => undefined;
  readonly #jobs = new Map<number, PendingJob>();
  readonly #known = new Map<string, ProcessArtifact>();
  /** Artifacts that it was told to forget and may still use, oldest first. */
  readonly #leaving: ProcessArtifact[] = [];
  /** By revision: what ran here and was not told to go. */
  readonly #isolates = new Map<string, LiveIsolate>();
  /** By revision: what it keeps restored ahead. */
  readonly #provisions = new Map<string, { target: FunctionVersion; memories: number; restored: number }>();
  #batch: Job[] | undefined;
  #isAside = false;

  constructor(events: ThreadEvents, live: LiveIsolates, turns: Turns, seat: number) {
    this.#events = events;
    this.#turns = turns;
    this.seat = seat;
    this.#call = new OpenCall(events.calls);
    this.#live = live;
    new Int32Array(this.#progress).fill(-1);
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#remote = port2;
    port1.on('message', (message: FromThread) => this.#receive(message));
    this.#ready = new Promise((resolve) => {
      this.#resolveReady = resolve;
    });
  }

  /** Starts it unless that was done; resolves when it takes invocations, or has ended before it could. */
  start(): Promise<void> {
    if (!this.hasStarted) {
      this.#startedAt = performance.now();
      const { seat } = this;
      const cells = {
        ...{ progress: this.#progress, answered: this.#answered },
        ...{ loading: this.#loading.shared, turns: this.#turns.shared },
      };
      this.#events.run({ port: this.#remote, ...cells, seat }, this.#abort.signal);
    }
    return this.#ready;
  }

  get hasStarted(): boolean {
    return Number.isFinite(this.#startedAt);
  }

  get isReady(): boolean {
    return Number.isFinite(this.readyAt);
  }

  get load(): number {
    return this.#jobs.size;
  }

  /** How long what is with it will take it, in milliseconds. */
  get expectedMs(): number {
    let sum = 0;
    for (const { artifact } of this.#jobs.values()) sum += artifact.expectedMs;
    return sum;
  }

  get hasRoom(): boolean {
    return !this.long && this.#jobs.size < BATCH;
  }

  /** The job that runs now: threads take them in order. */
  get current(): PendingJob | undefined {
    return this.#jobs.values().next().value;
  }

  /** True while its guest waits for a client to take what it has streamed. */
  get waitsForClient(): boolean {
    const credit = this.current?.credit;
    return credit !== undefined && new StreamCredit(credit).isAwaited;
  }

  isWarmFor(revision: string): boolean {
    return this.#isolates.has(revision) || this.#provisions.has(revision);
  }

  /** Sends a job with others of the same turn of the event loop. */
  send(job: PendingJob): void {
    const { image, revision } = job.invocation.target;
    void this.start();
    this.#learn(image, job.artifact);
    if (!this.#provisions.has(revision)) this.#use(job);
    if (this.#jobs.size === 0) this.currentSince = performance.now();
    this.#jobs.set(job.id, job);
    if (!this.#batch) {
      this.#batch = [];
      setImmediate(() => this.#flush());
    }
    const workerMs = Number.isFinite(this.readyAt) ? 0 : performance.now() - this.#startedAt;
    this.#batch.push({ ...job, workerMs });
    this.#countBusy();
  }

  /** Sends a job that shares the thread with no other; to be called when it has none. */
  sendAlone(job: PendingJob): void {
    this.long = true;
    this.#setAside();
    this.send(job);
  }

  /** Sends what waits for the end of this turn of the event loop, and takes what has come from the thread meanwhile. */
  exchange(): void {
    if (this.#jobs.size === 0) return;
    this.#flush();
    for (let got = receiveMessageOnPort(this.#port); got; got = receiveMessageOnPort(this.#port)) {
      this.#receive(got.message as FromThread);
    }
  }

  /** Keeps isolates restored ahead, which no others put out. */
  provision(target: FunctionVersion, artifact: ProcessArtifact, count: number): void {
    const { image, revision } = target;
    void this.start();
    this.#learn(image, artifact);
    const known = this.#isolates.get(revision);
    if (known) this.#drop(known);
    this.#endProvision(revision);
    this.#provisions.set(revision, { target, memories: count * memoriesOf(artifact), restored: 0 });
    this.#live.reserve(count * memoriesOf(artifact));
    this.#flush();
    this.#post({ kind: 'provision', target, count });
  }

  unprovision(revision: string): void {
    const provision = this.#provisions.get(revision);
    if (!provision) return;
    this.#endProvision(revision);
    this.#flush();
    this.#post({ kind: 'provision', target: provision.target, count: 0 });
  }

  /** Isolates of a provisioned revision that are restored now. */
  provisioned(revision: string): number {
    return this.#provisions.get(revision)?.restored ?? 0;
  }

  /** Ends the thread wherever it is. */
  end(): void {
    this.#loading.endThread(() => this.#abort.abort());
  }

  forget(image: string): void {
    const artifact = this.#known.get(image);
    if (!artifact) return;
    this.#known.delete(image);
    for (const isolate of this.#isolates.values()) {
      if (isolate.image === image) this.#drop(isolate);
    }
    for (const { target } of this.#provisions.values()) {
      if (target.image === image) this.#endProvision(target.revision);
    }
    this.#leaving.push(artifact);
    this.#flush();
    this.#post({ kind: 'forget', image });
  }

  /**
   * Closes the port, at which the thread's task ends. Of the jobs that were still with it, those up to the one it ran
   * last may have had effects; the later ones have not begun.
   */
  close(): { readonly begun: PendingJob[]; readonly untouched: PendingJob[] } {
    this.#port.close();
    this.#call.end();
    this.#turns.leave(this.seat);
    this.#resolveReady();
    for (const artifact of [...this.#known.values(), ...this.#leaving]) artifact.release();
    this.#known.clear();
    for (const isolate of this.#isolates.values()) this.#drop(isolate);
    for (const revision of this.#provisions.keys()) this.#endProvision(revision);
    this.#leaving.length = 0;
    const jobs = [...this.#jobs.values()];
    this.#jobs.clear();
    this.#countBusy();
    const running = Atomics.load(new Int32Array(this.#progress), 0);
    const first = jobs.findIndex(({ id }) => id === running) + 1;
    return { begun: jobs.slice(0, first), untouched: jobs.slice(first) };
  }

  #receive(message: FromThread): void {
    if (message.kind === 'ready') {
      this.readyAt = performance.now();
      this.#resolveReady();
      this.#events.ready();
    } else if (message.kind === 'provisioned') {
      const provision = this.#provisions.get(message.revision);
      if (provision) provision.restored = message.restored;
    } else if (message.kind === 'forgotten') {
      this.#leaving.shift()?.release();
    } else if (message.kind === 'ended') {
      this.#call.end();
      this.liveIsolates = message.liveIsolates;
      this.long = false;
      this.currentSince = performance.now();
      if (this.#isAside) this.#events.opened();
      this.#isAside = false;
      for (const { id, outcome } of unpackOutcomes(message)) {
        const job = this.#jobs.get(id);
        if (!job || !this.#jobs.delete(id)) continue;
        this.#events.ended(job, outcome);
        if (job.artifact.retired) this.forget(job.invocation.target.image);
      }
      this.#countBusy();
    } else if (message.kind === 'long' || message.kind === 'settled') {
      this.#setAside();
      this.#tell(message.id, this.#events[message.kind]);
    } else if (message.kind === 'logged') {
      this.#tell(message.id, (job) => this.#events.logged(job, message.log));
    } else if (message.kind === 'call') {
      this.#serveCall(message);
    } else if (message.kind === 'streamed') {
      this.#pass(message.id, message.chunk);
    } else if (message.kind === 'returned') {
      this.long = true;
      const jobs = message.ids.flatMap((id) => this.#jobs.get(id) ?? []);
      for (const { id } of jobs) this.#jobs.delete(id);
      this.#countBusy();
      this.#events.returned(jobs);
    }
  }

  #countBusy(): void {
    const isBusy = !this.long && this.#jobs.size > 0;
    if (isBusy === this.#isBusy) return;
    this.#isBusy = isBusy;
    this.#turns.countBusy(isBusy ? 1 : -1);
  }

  #tell(id: number, event: (job: PendingJob) => void): void {
    const job = this.#jobs.get(id);
    if (job) event(job);
  }

  #setAside(): void {
    if (this.#isAside) return;
    this.#isAside = true;
    this.#events.setAside();
  }

  #serveCall({ id, call, head, body }: Extract<FromThread, { kind: 'call' }>): void {
    const job = this.#jobs.get(id);
    if (!job) return;
    void this.#call.serve(job.invocation, { head, body }, (answer) => {
      this.#post({ kind: 'answer', call, ...answer });
      const cell = new Int32Array(this.#answered);
      Atomics.store(cell, 0, call);
      Atomics.notify(cell, 0);
    });
  }

  #pass(id: number, chunk: StreamChunk): void {
    const { invocation, credit } = this.#jobs.get(id) ?? {};
    if (!invocation?.stream || !credit) return;
    const bytes = chunk.bytes.byteLength;
    invocation.stream.write(chunk, () => new StreamCredit(credit).give(bytes));
  }

  #evict(revision: string): void {
    if (!this.#isolates.delete(revision)) return;
    this.#flush();
    this.#post({ kind: 'evict', revision });
  }

  #learn(image: string, artifact: ProcessArtifact): void {
    if (this.#known.has(image)) return;
    artifact.hold();
    this.#known.set(image, artifact);
    this.#flush();
    this.#post({ kind: 'artifact', image, prepared: artifact.prepared });
  }

  /** Notes the isolate that a job will run in; others make room for it. */
  #use({ artifact, invocation: { target } }: PendingJob): void {
    const isolate = this.#isolates.get(target.revision) ?? this.#expect(target, artifact);
    for (const old of this.#live.use(isolate)) old.evict();
  }

  #expect(version: FunctionVersion, artifact: ProcessArtifact): LiveIsolate {
    const { image, revision } = version;
    const isolate = { revision, image, memories: memoriesOf(artifact), evict: () => this.#evict(revision) };
    this.#isolates.set(revision, isolate);
    this.#flush();
    this.#post({ kind: 'version', version });
    return isolate;
  }

  #endProvision(revision: string): void {
    this.#live.reserve(-(this.#provisions.get(revision)?.memories ?? 0));
    this.#provisions.delete(revision);
  }

  #drop(isolate: LiveIsolate): void {
    this.#isolates.delete(isolate.revision);
    this.#live.drop(isolate);
  }

  #flush(): void {
    const jobs = this.#batch;
    this.#batch = undefined;
    if (!jobs) return;
    const batch = packJobs(jobs);
    this.#post({ kind: 'batch', ...batch }, toTransferList(batch.events));
  }

  #post(message: ToThread, transferList: readonly ArrayBuffer[] = []): void {
    this.#port.postMessage(message, transferList);
  }
}

/** Memories of an isolate; one without any takes room as well. */
function memoriesOf({ prepared }: ProcessArtifact): number {
  return Math.max(1, prepared.manifest.memories.length);
}
