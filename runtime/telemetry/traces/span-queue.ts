import type { Span, TellSpan } from './span.ts';

export interface SpanQueueDeps {
  /** How long a span waits for others at most, in milliseconds. */
  readonly delayMs: number;
  /** Spans that wait at most, those that are being sent included. */
  readonly mostSpans: number;
  readonly batchSpans: number;
  /** Sends a batch: true when the collector has it. Never rejects. */
  readonly send: (spans: readonly Span[], signal: AbortSignal) => Promise<boolean>;
}

/** What has become of spans so far. */
export interface SpanCounts {
  readonly exported: number;
  /** There was no room for them. */
  readonly dropped: number;
  /** The collector did not take them. */
  readonly failed: number;
}

/** Spans on their way out, in batches, one at a time. Without room for more of them they are dropped and counted. */
export class SpanQueue {
  readonly #deps: SpanQueueDeps;
  readonly #abort = new AbortController();
  readonly #counts = { exported: 0, dropped: 0, failed: 0 };
  #waiting: Span[] = [];
  #sending = 0;
  #sent: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(deps: SpanQueueDeps) {
    this.#deps = deps;
  }

  get counts(): SpanCounts {
    return this.#counts;
  }

  readonly add: TellSpan = (span) => {
    const { mostSpans, batchSpans, delayMs } = this.#deps;
    if (this.#closed || this.#waiting.length + this.#sending >= mostSpans) {
      this.#counts.dropped++;
      return;
    }
    this.#waiting.push(span);
    if (this.#sent !== undefined) return;
    if (this.#waiting.length >= batchSpans) this.#sendNext();
    else this.#timer ??= setTimeout(() => this.#sendNext(), delayMs).unref();
  };

  /** Sends what waits, for as long as it may take, in milliseconds; drops what has not gone by then. */
  async close(withinMs: number): Promise<void> {
    this.#closed = true;
    const timer = setTimeout(() => this.#abort.abort(), withinMs);
    while (this.#sent !== undefined || (this.#waiting.length > 0 && !this.#abort.signal.aborted)) {
      if (this.#sent === undefined) this.#sendNext();
      await this.#sent;
    }
    clearTimeout(timer);
    clearTimeout(this.#timer);
    this.#counts.dropped += this.#waiting.length;
    this.#waiting = [];
  }

  #sendNext(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { batchSpans, send, delayMs } = this.#deps;
    const batch = this.#waiting.splice(0, batchSpans);
    this.#sending = batch.length;
    this.#sent = send(batch, this.#abort.signal).then((isTaken) => {
      this.#counts[isTaken ? 'exported' : 'failed'] += batch.length;
      this.#sending = 0;
      this.#sent = undefined;
      if (this.#abort.signal.aborted) return;
      if (this.#waiting.length >= batchSpans) this.#sendNext();
      else if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => this.#sendNext(), delayMs).unref();
    });
  }
}
