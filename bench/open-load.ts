import { setPriority } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { answerParent } from './child.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import { type RawAnswer, RawConnection, toRequest } from './raw-connection.ts';
import type { Percentiles } from './statistics.ts';

export interface OpenLoadQuestion {
  readonly url: string;
  readonly path: string;
  readonly body: string;
  /** What every 200 answers. */
  readonly expected: string;
  /** Requests that come due, evenly, whatever becomes of those before. */
  readonly perSecond: number;
  /** The most that are open; a request that finds all of them at work waits for one. */
  readonly connections: number;
  readonly ms: number;
  /** Answers of the first so many milliseconds are not in `perSecond`, and what was due or sent then in no latency. */
  readonly settleMs?: number;
  /** What waits for a connection at the end is still sent for so long, in milliseconds; not at all when absent. */
  readonly graceMs?: number;
}

export interface OpenLoadAnswer {
  readonly due: number;
  /** Due, but at the end not sent yet: no connection was free. */
  readonly unsent: number;
  /** Answered as expected, and how many a second. */
  readonly succeeded: number;
  readonly perSecond: number;
  /** From when a request was due, or this process came to it, to its answer; microseconds. */
  readonly latency: Percentiles;
  /** Answered 429 with Reason and Retry-After. From when it was sent: waiting for a connection is not the server's. */
  readonly refused: number;
  readonly refusalLatency: Percentiles;
  /** Any other answer, and connections that ended under a request; one of them, to be shown. */
  readonly wrong: number;
  readonly wrongOne: string | undefined;
  /** How late this process itself was, microseconds. */
  readonly late: Percentiles;
  /** Of one core, while it was at it. */
  readonly ownCores: number;
}

/** What a refusal must hold, as Isola writes it. */
const RETRY_AFTER = '\r\nretry-after: ';
const REASON = '"Reason":"';
/** As those of agents: the server must not end a connection that a request is about to use. */
const IDLE_MS = 20_000;
/** What is sent may be answered for so long after the end. */
const LAST_ANSWERS_MS = 30_000;

answerParent(async (question: OpenLoadQuestion): Promise<OpenLoadAnswer> => {
  goFirst();
  const load = new OpenLoad(question);
  await load.run();
  return load.answer();
});

/** Where the system lets it: what waits here for a processor would be counted as the server's. */
function goFirst(): void {
  try {
    setPriority(-10);
  } catch {
    // Only some users may; the figures say how late this process was.
  }
}

interface Lane {
  readonly connection: RawConnection;
  isBusy: boolean;
  dueAt: number;
  sentAt: number;
  idleSince: number;
}

class OpenLoad {
  readonly #question: OpenLoadQuestion;
  readonly #request: Buffer;
  readonly #expected: Buffer;
  readonly #began = performance.now();
  readonly #countFrom: number;
  readonly #until: number;
  readonly #sendUntil: number;
  readonly #idle: Lane[] = [];
  readonly #lanes = new Set<Lane>();
  /** When those that wait for a connection came due; the first is at #waitingFrom. */
  readonly #waiting: number[] = [];
  #waitingFrom = 0;
  #due = 0;
  #busy = 0;
  readonly #cpuBefore = process.cpuUsage();
  #ownCores = 0;
  #succeeded = 0;
  #refused = 0;
  #inTime = 0;
  readonly #latency = new LatencyHistogram();
  readonly #refusals = new LatencyHistogram();
  readonly #late = new LatencyHistogram();
  #wrong = 0;
  #wrongOne: string | undefined;

  constructor(question: OpenLoadQuestion) {
    this.#question = question;
    this.#request = toRequest(question.url, question.path, {}, question.body);
    this.#expected = Buffer.from(question.expected);
    this.#countFrom = this.#began + (question.settleMs ?? 0);
    this.#until = this.#began + question.ms;
    this.#sendUntil = this.#until + (question.graceMs ?? 0);
  }

  async run(): Promise<void> {
    const stepMs = 1_000 / this.#question.perSecond;
    for (let now = this.#began; now < this.#until; now = performance.now()) {
      const come = Math.floor((now - this.#began) / stepMs);
      if (come > this.#due) this.#late.record((now - this.#began - (this.#due + 1) * stepMs) * 1000);
      for (; this.#due < come; this.#due++) this.#offer(now);
      await delay(this.#began + (this.#due + 1) * stepMs - now);
    }
    const { user, system } = process.cpuUsage(this.#cpuBefore);
    this.#ownCores = (user + system) / 1000 / (performance.now() - this.#began);
    const deadline = performance.now() + LAST_ANSWERS_MS;
    while (this.#busy > 0 && performance.now() < deadline) await delay(5);
    if (this.#busy > 0) this.#fail(`no answer to ${this.#busy} requests after ${LAST_ANSWERS_MS} ms`, this.#busy);
    for (const { connection } of this.#lanes) connection.end();
  }

  answer(): OpenLoadAnswer {
    const seconds = (this.#until - this.#countFrom) / 1000;
    return {
      ...{ due: this.#due, unsent: this.#waiting.length - this.#waitingFrom },
      ...{ succeeded: this.#succeeded, perSecond: this.#inTime / seconds, latency: this.#latency.percentiles() },
      ...{ refused: this.#refused, refusalLatency: this.#refusals.percentiles() },
      ...{ wrong: this.#wrong, wrongOne: this.#wrongOne, late: this.#late.percentiles(), ownCores: this.#ownCores },
    };
  }

  #offer(dueAt: number): void {
    for (let lane = this.#idle.pop(); lane; lane = this.#idle.pop()) {
      if (dueAt - lane.idleSince < IDLE_MS) {
        this.#send(lane, dueAt, dueAt);
        return;
      }
      this.#drop(lane);
    }
    this.#waiting.push(dueAt);
    if (this.#lanes.size < this.#question.connections) this.#open();
  }

  #open(): void {
    const lane: Lane = {
      connection: new RawConnection(this.#question.url, {
        open: () => this.#next(lane, performance.now()),
        answer: (answer) => this.#answered(lane, answer),
        closed: (error) => {
          if (lane.isBusy) {
            this.#busy--;
            this.#fail(error?.message ?? 'the server ended a connection under a request', 1);
          } else if (error) this.#fail(error.message, 1);
          this.#drop(lane);
        },
      }),
      ...{ isBusy: false, dueAt: 0, sentAt: 0, idleSince: 0 },
    };
    this.#lanes.add(lane);
  }

  #drop(lane: Lane): void {
    this.#lanes.delete(lane);
    const at = this.#idle.indexOf(lane);
    if (at >= 0) this.#idle.splice(at, 1);
    lane.connection.end();
  }

  #next(lane: Lane, now: number): void {
    if (this.#waitingFrom < this.#waiting.length && now < this.#sendUntil) {
      this.#send(lane, this.#waiting[this.#waitingFrom++] as number, now);
      return;
    }
    lane.isBusy = false;
    lane.idleSince = now;
    this.#idle.push(lane);
  }

  #send(lane: Lane, dueAt: number, now: number): void {
    Object.assign(lane, { isBusy: true, dueAt, sentAt: now });
    this.#busy++;
    lane.connection.ask(this.#request);
  }

  #answered(lane: Lane, answer: RawAnswer): void {
    const now = performance.now();
    this.#busy--;
    this.#count(lane, answer, now);
    this.#next(lane, now);
  }

  #count(lane: Lane, { status, bytes, bodyAt }: RawAnswer, now: number): void {
    if (status === 200 && bytes.subarray(bodyAt).equals(this.#expected)) {
      this.#succeeded++;
      if (now >= this.#countFrom && now < this.#until) this.#inTime++;
      if (lane.dueAt >= this.#countFrom) this.#latency.record((now - lane.dueAt) * 1000);
    } else if (status === 429 && bytes.includes(RETRY_AFTER, 0, 'latin1') && bytes.includes(REASON, bodyAt, 'latin1')) {
      this.#refused++;
      if (lane.sentAt >= this.#countFrom) this.#refusals.record((now - lane.sentAt) * 1000);
    } else this.#fail(bytes.toString('latin1', 0, 800), 1);
  }

  #fail(what: string, count: number): void {
    this.#wrong += count;
    this.#wrongOne ??= what;
  }
}
