import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { Outcome } from '../contract/outcome.ts';
import type { ChunkPort } from '../isolate/guest-output.ts';
import { loadLibcBy } from '../snapshot/libc.ts';
import { GuestTurn } from './guest-turn.ts';
import { type Job, unpackJobs } from './job-batch.ts';
import { NativeLoading } from './native-loading.ts';
import { type EndedJob, packOutcomes } from './outcome-batch.ts';
import { toTransferList } from './packed-bytes.ts';
import type { FromThread, ServeTask, ToThread } from './protocol.ts';
import { assertStackRoom } from './stack-room.ts';
import { StreamCredit } from './stream-credit.ts';
import { ThreadCalls } from './thread-calls.ts';
import { ThreadIsolates } from './thread-isolates.ts';
import { Turns } from './turns.ts';

/** Outcomes wait at most this long, in milliseconds, for others to travel with. */
const FLUSH_MS = 1;
/** What a guest logs is told this often, in milliseconds, while it runs. */
const NEWS_MS = 500;

/** Serves invocations that come over the port, one at a time, until the port closes. */
export function serve(task: ServeTask): Promise<void> {
  const { port } = task;
  const loading = new NativeLoading(task.loading);
  loadLibcBy((load) => loading.run(load));
  const thread = new ServingThread(task);
  port.on('message', (message: ToThread) => thread.receive(message));
  port.postMessage({ kind: 'ready' } satisfies FromThread);
  return new Promise((resolve) => port.once('close', resolve));
}

class ServingThread {
  readonly #port: MessagePort;
  readonly #progress: Int32Array;
  readonly #isolates: ThreadIsolates;
  #waiting: Job[] = [];
  #outcomes: EndedJob[] = [];
  #lastFlush = 0;
  /** True once the main thread was told that the invocation which runs now is a long one. */
  #saidLong = false;
  #refilling = false;
  /** When what the guest has logged was told last, or the guest began. */
  #toldAt = 0;
  readonly #calls: ThreadCalls;
  readonly #turn: GuestTurn;

  constructor({ port, progress, answered, turns, seat, cpu }: ServeTask) {
    this.#port = port;
    this.#progress = new Int32Array(progress);
    this.#calls = new ThreadCalls(port, answered, () => this.#giveBack());
    this.#turn = new GuestTurn(new Turns(turns), seat, () => this.#giveBack());
    this.#isolates = new ThreadIsolates({
      cpu,
      turn: (memoryMb, now, deadline) => {
        if (!this.#turn.isLong) return now;
        assertStackRoom();
        return this.#turn.take(memoryMb, now, deadline);
      },
      ask: (request) => {
        assertStackRoom();
        this.#tellNews(performance.now());
        return this.#calls.ask(Atomics.load(this.#progress, 0), request);
      },
    });
  }

  receive(message: ToThread): void {
    this.#take(message);
    for (let job = this.#waiting.shift(); job; job = this.#waiting.shift()) {
      this.#run(job);
      if (performance.now() - this.#lastFlush > FLUSH_MS) this.#flush();
    }
    this.#flush();
    this.#refillSoon();
  }

  #take(message: ToThread): void {
    if (message.kind === 'batch') {
      this.#waiting.push(...unpackJobs(message, (revision) => this.#isolates.version(revision)));
    } else if (message.kind === 'version') this.#isolates.expect(message.version);
    else if (message.kind === 'artifact') this.#isolates.learn(message.image, message.prepared);
    else if (message.kind === 'provision') this.#isolates.provision(message.target, message.count);
    else if (message.kind === 'answer') this.#calls.receive(message);
    else if (message.kind === 'evict') this.#isolates.evict(message.revision);
    else {
      this.#isolates.forget(message.image);
      this.#port.postMessage({ kind: 'forgotten' } satisfies FromThread);
    }
  }

  #run({ id, invocation, compileMs, workerMs, credit }: Job): void {
    Atomics.store(this.#progress, 0, id);
    this.#saidLong = false;
    this.#toldAt = performance.now();
    this.#turn.begin(this.#toldAt);
    const onSlice = (slice: number) => {
      if (!this.#turn.isDue(slice)) return;
      assertStackRoom();
      this.#giveBack();
      const now = performance.now();
      if (slice > now) this.#turn.stepOut();
      this.#tellNews(slice);
      const pace = this.#turn.paceAt(now);
      if (pace) this.#port.postMessage({ kind: pace, id } satisfies FromThread);
    };
    const queueMs = Math.max(0, Date.now() - invocation.receivedAt);
    const stream = credit && this.#toPort(id, new StreamCredit(credit));
    const outcome = this.#isolates.invoke(invocation, { queueMs, compileMs, workerMs }, onSlice, stream);
    const heldUpMs = this.#turn.end(performance.now());
    this.#outcomes.push({ id, outcome: withHeldUp(outcome, heldUpMs) });
  }

  /** `now` is Infinity for a guest that is going to sleep. */
  #tellNews(now: number): void {
    if (now - this.#toldAt < NEWS_MS) return;
    this.#toldAt = performance.now();
    const log = this.#isolates.news();
    const id = Atomics.load(this.#progress, 0);
    if (log !== '') this.#port.postMessage({ kind: 'logged', id, log } satisfies FromThread);
  }

  #toPort(id: number, credit: StreamCredit): ChunkPort {
    return {
      credit: credit.cell,
      send: (chunk) => {
        assertStackRoom();
        credit.take(chunk);
        const message = { kind: 'streamed', id, chunk } satisfies FromThread;
        this.#port.postMessage(message, [chunk.bytes.buffer as ArrayBuffer]);
      },
    };
  }

  /** Restores what is provisioned when nothing else is to do, one isolate a turn, so that no invocation waits for many. */
  #refillSoon(): void {
    if (this.#refilling || !this.#isolates.lacks) return;
    this.#refilling = true;
    setImmediate(() => {
      this.#refilling = false;
      const refilled = this.#isolates.refill();
      if (refilled) this.#port.postMessage({ kind: 'provisioned', ...refilled } satisfies FromThread);
      this.#refillSoon();
    });
  }

  /** Returns whatever waits here, what is still in the port included, and what has ended. */
  #giveBack(): void {
    this.#flush();
    for (let got = receiveMessageOnPort(this.#port); got; got = receiveMessageOnPort(this.#port)) {
      this.#take(got.message as ToThread);
    }
    const ids = this.#waiting.map(({ id }) => id);
    if (this.#saidLong && ids.length === 0) return;
    this.#saidLong = true;
    this.#waiting = [];
    this.#port.postMessage({ kind: 'returned', ids } satisfies FromThread);
  }

  #flush(): void {
    this.#lastFlush = performance.now();
    if (this.#outcomes.length === 0) return;
    const batch = packOutcomes(this.#outcomes);
    this.#outcomes = [];
    const message: FromThread = { kind: 'ended', liveIsolates: this.#isolates.live, ...batch };
    this.#port.postMessage(message, toTransferList(batch.payloads));
  }
}

function withHeldUp(outcome: Outcome, heldUpMs: number): Outcome {
  if (heldUpMs === 0 || outcome.kind === 'refused' || outcome.kind === 'crashed') return outcome;
  return { ...outcome, report: { ...outcome.report, heldUpMs } };
}
