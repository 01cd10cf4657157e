import { STREAM_STALL_MS } from '../contract/limits.ts';
import { type Deadline, deadlines } from '../dispatch/deadlines.ts';
import { type Answer, type Exchange, withoutBody } from './exchange.ts';
import { type KeptBytes, keptAnswers } from './kept-bytes.ts';
import { whenOver } from './when-over.ts';

interface Waiting {
  readonly bytes: Uint8Array;
  readonly taken: () => void;
}

/** What a client may cost that does not take what it asked for. */
export interface Patience {
  readonly stallMs: number;
  /** Bytes that wait in all answers which share this. */
  readonly kept: KeptBytes;
}

const PATIENCE: Patience = { stallMs: STREAM_STALL_MS, kept: keptAnswers };

/**
 * An answer that is written piece by piece, one at a time, each as soon as the client has taken the one before. A client that
 * goes away, takes nothing for long, or is behind when too much waits in all streams together, is written nothing any more: the
 * pieces count as taken.
 */
export class StreamedAnswer {
  readonly #exchange: Exchange;
  readonly #patience: Patience;
  #waiting: Waiting[] = [];
  #stall: Deadline | undefined;
  #hasBegun = false;
  #hasBody = true;
  #isEnding = false;
  #isGone = false;

  constructor(exchange: Exchange, patience: Patience = PATIENCE) {
    this.#exchange = exchange;
    this.#patience = patience;
    whenOver(exchange, () => this.#leave());
    exchange.outgoing.on('error', () => this.#leave());
  }

  /** True once the head was written: it cannot be another any more. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  begin({ status, headers }: Omit<Answer, 'body'>): void {
    const { incoming, outgoing } = this.#exchange;
    this.#hasBegun = true;
    this.#hasBody = incoming.method !== 'HEAD' && !withoutBody(status);
    if (this.#isGone) return;
    outgoing.writeHead(status, { ...headers } as Record<string, string | string[]>);
    outgoing.flushHeaders();
  }

  /** Takes the bytes over; `taken` is called once, when the client has them or does not want them. */
  write(bytes: Uint8Array, taken: () => void = nothing): void {
    const { kept } = this.#patience;
    if (this.#waiting.length > 0 && kept.bytes + bytes.byteLength > kept.most) this.#close();
    if (this.#isGone || !this.#hasBody) {
      taken();
      return;
    }
    kept.bytes += bytes.byteLength;
    if (this.#waiting.push({ bytes, taken }) === 1) this.#pump();
  }

  /** Ends the answer when all of it is written. */
  end(): void {
    this.#isEnding = true;
    if (this.#waiting.length === 0 && !this.#isGone) this.#exchange.outgoing.end();
  }

  /** Breaks the connection when all so far is written: the client must not take it for the whole. */
  cut(): void {
    if (this.#hasBody) this.write(NOTHING, () => this.#close());
    else this.end();
  }

  #pump(): void {
    const next = this.#waiting[0];
    this.#stall?.cancel();
    if (!next) {
      if (this.#isEnding) this.#exchange.outgoing.end();
      return;
    }
    const { outgoing } = this.#exchange;
    this.#stall = deadlines.after(this.#patience.stallMs, () => this.#close());
    outgoing.write(next.bytes, () => {
      if (this.#isGone) return;
      this.#waiting.shift();
      this.#patience.kept.bytes -= next.bytes.byteLength;
      this.#pump();
      next.taken();
    });
  }

  #close(): void {
    this.#exchange.incoming.socket.destroy();
    this.#leave();
  }

  #leave(): void {
    this.#isGone = true;
    this.#stall?.cancel();
    for (const { bytes, taken } of this.#waiting.splice(0)) {
      this.#patience.kept.bytes -= bytes.byteLength;
      taken();
    }
  }
}

const NOTHING = new Uint8Array();
const nothing = (): void => {};
