import { STREAM_WINDOW_BYTES } from '../contract/limits.ts';
import type { StreamChunk } from '../contract/response-stream.ts';

/** What a chunk takes beside its bytes, on its way through both threads, in bytes. */
const CHUNK_BYTES = 1_024;

/**
 * How far a guest may run ahead of its client, in two cells that both threads share: the bytes still to be sent, and 1 while
 * the guest waits. The thread takes bytes and waits at zero, the main thread gives them back as the client takes the chunks.
 */
export class StreamCredit {
  readonly cell: Int32Array;

  constructor(shared: SharedArrayBuffer) {
    this.cell = new Int32Array(shared);
  }

  static create(): SharedArrayBuffer {
    const shared = new SharedArrayBuffer(8);
    Atomics.store(new Int32Array(shared), 0, STREAM_WINDOW_BYTES);
    return shared;
  }

  /** True while the guest can do nothing but wait for its client. */
  get isAwaited(): boolean {
    return Atomics.load(this.cell, 1) === 1;
  }

  take({ bytes }: StreamChunk): void {
    Atomics.sub(this.cell, 0, CHUNK_BYTES + bytes.byteLength);
  }

  give(bytes: number): void {
    Atomics.add(this.cell, 0, CHUNK_BYTES + bytes);
    Atomics.notify(this.cell, 0);
  }
}
