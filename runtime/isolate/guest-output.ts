import { STREAM_BYTES, STREAM_CHUNK_BYTES, SYNC_RESPONSE_BYTES } from '../contract/limits.ts';
import type { StreamChunk } from '../contract/response-stream.ts';
import { resultTooLarge } from './abi/result-bytes.ts';
import type { FuelMeter } from './fuel-meter.ts';
import { waitFor } from './wait-for.ts';

/** The way out of a thread for what its guest streams. */
export interface ChunkPort {
  /** The first value is above 0 while a chunk may be sent, and whoever raises it notifies; the second is 1 while the guest waits. */
  readonly credit: Int32Array;
  /** Takes the chunk's memory over. */
  send(chunk: StreamChunk): void;
}

/**
 * What one invocation's guest writes while it runs: sent on at once when the caller wants a stream, else kept, up to the
 * limit of a buffered answer, and then its result.
 */
export class GuestOutput {
  #port: ChunkPort | undefined;
  #isOpen = false;
  #streams = false;
  /** Bytes the guest tried to write. */
  #offered = 0;
  #kept: Uint8Array = NOTHING;

  begin(port?: ChunkPort): void {
    this.#port = port;
    this.#isOpen = true;
    this.#streams = false;
    this.#offered = 0;
    this.#kept = NOTHING;
  }

  end(): void {
    this.#port = undefined;
    this.#isOpen = false;
    this.#kept = NOTHING;
  }

  /** False while the guest initialises: nobody hears it then. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  get hasBegun(): boolean {
    return this.#offered > 0;
  }

  /** True once the guest has streamed: then that is its result, of whatever bytes, and not what its handler returns. */
  get streams(): boolean {
    return this.#streams;
  }

  get limit(): number {
    return this.#port ? STREAM_BYTES : SYNC_RESPONSE_BYTES;
  }

  /** Answers how many bytes were taken: none beyond the limit. Waits while the client is too far behind. */
  write(bytes: Uint8Array, meter: FuelMeter): number {
    return this.#pass({ kind: 'bytes', bytes }, meter) ? bytes.byteLength : 0;
  }

  /** The same for a guest that says so; false when the limit does not take it. */
  stream(chunk: StreamChunk, meter: FuelMeter): boolean {
    this.#streams = true;
    return this.#pass(chunk, meter);
  }

  /** What was kept; nothing when it was sent. Throws a GuestFailure when the guest wrote more than the limit. */
  take(): Uint8Array {
    if (this.#offered > this.limit) throw resultTooLarge(this.limit);
    return this.#port ? NOTHING : this.#kept.slice(0, this.#offered);
  }

  #pass({ kind, bytes }: StreamChunk, meter: FuelMeter): boolean {
    const from = this.#offered;
    this.#offered += bytes.byteLength;
    if (this.#offered > this.limit) return false;
    if (this.#port) this.#send(this.#port, { kind, bytes }, meter);
    else this.#keep(from, bytes);
    return true;
  }

  #send(port: ChunkPort, { kind, bytes }: StreamChunk, meter: FuelMeter): void {
    for (let at = 0; at < bytes.byteLength; at += STREAM_CHUNK_BYTES) {
      if (performance.now() > meter.deadline) meter.stop('deadline');
      if (Atomics.load(port.credit, 0) <= 0) waitForCredit(port.credit, meter);
      port.send({ kind, bytes: bytes.slice(at, at + STREAM_CHUNK_BYTES) });
    }
  }

  #keep(from: number, bytes: Uint8Array): void {
    const needed = from + bytes.byteLength;
    if (needed > this.#kept.byteLength) {
      const grown = new Uint8Array(Math.min(Math.max(2 * needed, FIRST_BYTES), SYNC_RESPONSE_BYTES));
      grown.set(this.#kept);
      this.#kept = grown;
    }
    this.#kept.set(bytes, from);
  }
}

const NOTHING = new Uint8Array();
const FIRST_BYTES = 1_024;

const isPositive = (value: number): boolean => value > 0;

function waitForCredit(credit: Int32Array, meter: FuelMeter): void {
  Atomics.store(credit, 1, 1);
  try {
    waitFor(credit, isPositive, meter);
  } finally {
    Atomics.store(credit, 1, 0);
  }
}
