import { SYNC_REQUEST_BYTES } from '../../contract/limits.ts';
import type { OpenWindow } from './checkpoints.ts';
import { toProblem } from './poller.ts';
import { runStreamBatch, type StreamBatchDeps, type WaitingRecord } from './stream-batch.ts';
import { parseState, STATE_BYTES, toWindowMembers, type WindowEvent, windowStart } from './tumbling-window.ts';

export interface ShardLaneDeps extends Omit<StreamBatchDeps, 'toEvent' | 'answered'> {
  readonly arn: string;
  readonly shardId: string;
  /** Of a process before. */
  readonly window: OpenWindow | undefined;
}

/** What a lane does next. */
type Step =
  | { readonly kind: 'batch'; readonly records: readonly WaitingRecord[] }
  | { readonly kind: 'end-window' }
  | { readonly kind: 'wait'; readonly milliseconds: number }
  | { readonly kind: 'end' };

const HEAD = '{"Records":[';
/** The members around the records, apart from a window's state. */
const ENVELOPE_BYTES = 1_024;
/** How far a shard must have been read beyond a window's end, in milliseconds: what arrived in it is there by then. */
const WINDOW_GRACE_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** Records of a shard that go to the function one batch after another. */
export class ShardLane {
  readonly #deps: ShardLaneDeps;
  readonly #done: Promise<void>;
  #records: WaitingRecord[] = [];
  #window: OpenWindow | undefined;
  #readThrough = 0;
  #isClosing = false;
  #wake: () => void = () => undefined;

  constructor(deps: ShardLaneDeps) {
    this.#deps = deps;
    this.#window = deps.window;
    this.#done = this.#run().catch((error: unknown) => deps.report(toProblem(error)));
    deps.signal.addEventListener('abort', () => this.#wake(), { once: true });
  }

  /** What is known of the window that is open. */
  get window(): OpenWindow | undefined {
    return this.#window;
  }

  push(record: WaitingRecord): void {
    this.#records.push(record);
    this.#wake();
  }

  /** Nothing more comes that arrived before then, in epoch milliseconds. */
  readThrough(at: number): void {
    this.#readThrough = at;
    if (this.#window !== undefined) this.#wake();
  }

  /** Nothing more comes at all; resolves when everything is handled, or the lane is stopped. */
  finish(): Promise<void> {
    this.#isClosing = true;
    this.#wake();
    return this.#done;
  }

  /** Resolves when nothing runs, after its signal has said to stop. */
  stopped(): Promise<void> {
    return this.#done;
  }

  async #run(): Promise<void> {
    while (!this.#deps.signal.aborted) {
      const step = this.#next();
      if (step.kind === 'end') return;
      if (step.kind === 'wait') await this.#wait(step.milliseconds);
      else if (step.kind === 'end-window') await this.#endWindow('final');
      else await this.#runBatch(step.records);
    }
  }

  get #windowMs(): number {
    return (this.#deps.settings.TumblingWindowInSeconds ?? 0) * 1_000;
  }

  #next(): Step {
    const { settings, clock } = this.#deps;
    const first = this.#records[0];
    const end = this.#window === undefined ? undefined : this.#window.start + this.#windowMs;
    if (end !== undefined) {
      const isOver = this.#isClosing || this.#readThrough >= end + WINDOW_GRACE_MS;
      if (first === undefined ? isOver : first.arrivedAt >= end) return { kind: 'end-window' };
    }
    if (first === undefined) {
      return this.#isClosing ? { kind: 'end' } : { kind: 'wait', milliseconds: LONGEST_WAIT_MS };
    }
    const count = this.#countNext(first);
    const { BatchSize: size = 100, MaximumBatchingWindowInSeconds: window = 0 } = settings;
    const due = first.readAt + window * 1_000;
    const isFull = count >= size || count < this.#records.length;
    if (!isFull && !this.#isClosing && clock() < due) return { kind: 'wait', milliseconds: due - clock() };
    return { kind: 'batch', records: this.#records.splice(0, count) };
  }

  /** How many records go together: of one window, and no more than an event can hold. */
  #countNext(first: WaitingRecord): number {
    const { BatchSize: size = 100 } = this.#deps.settings;
    const state = this.#window === undefined ? 0 : STATE_BYTES;
    const start = this.#window?.start ?? (this.#windowMs === 0 ? 0 : windowStart(first.arrivedAt, this.#windowMs));
    const end = this.#windowMs === 0 ? Number.POSITIVE_INFINITY : start + this.#windowMs;
    let count = 0;
    for (let bytes = ENVELOPE_BYTES + state; count < Math.min(size, this.#records.length); count++) {
      const record = this.#records[count] as WaitingRecord;
      bytes += record.bytes + 1;
      if (count > 0 && (bytes > SYNC_REQUEST_BYTES || record.arrivedAt >= end)) break;
    }
    return count;
  }

  async #runBatch(records: readonly WaitingRecord[]): Promise<void> {
    const first = records[0] as WaitingRecord;
    if (this.#windowMs > 0) this.#window ??= { start: windowStart(first.arrivedAt, this.#windowMs), state: {} };
    await this.#invoke(records, 'open');
    const { state } = this.#window ?? {};
    if (state !== undefined && Buffer.byteLength(JSON.stringify(state)) > STATE_BYTES) await this.#endWindow('early');
  }

  async #endWindow(phase: 'final' | 'early'): Promise<void> {
    await this.#invoke([], phase);
    if (this.#deps.signal.aborted) return;
    this.#window = undefined;
    this.#deps.handled([]);
  }

  #invoke(records: readonly WaitingRecord[], phase: WindowEvent['phase']): Promise<void> {
    const { shardId, arn } = this.#deps;
    return runStreamBatch(records, {
      ...this.#deps,
      toEvent: (some) => {
        const window = this.#window;
        const tail =
          window === undefined ? '' : `,${toWindowMembers({ window, lengthMs: this.#windowMs, shardId, arn, phase })}`;
        return Buffer.from(`${HEAD}${some.map(({ json }) => json).join()}]${tail}}`);
      },
      answered: (payload) => {
        if (this.#window !== undefined) this.#window = { ...this.#window, state: parseState(payload) };
      },
    });
  }

  #wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds).unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
