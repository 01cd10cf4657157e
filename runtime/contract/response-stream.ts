/** One piece of a streamed answer. */
export interface StreamChunk {
  /**
   * `prelude`: Lambda's HTTP prelude, JSON with `statusCode`, `headers` and `cookies` and eight NUL bytes behind it, unchecked;
   * the first piece or none. `bytes`: the answer itself.
   */
  readonly kind: 'prelude' | 'bytes';
  readonly bytes: Uint8Array;
}

/**
 * Takes what a guest streams, while it runs. Only a caller that wants a stream gives one to its invocation; a guest that does
 * not stream leaves it alone, and its outcome has the payload as ever.
 */
export interface ResponseStream {
  /**
   * Called in order, never after the outcome is known. `taken` is to be called once the chunk takes no memory any more,
   * whatever became of it: a guest may run ahead of that by STREAM_WINDOW_BYTES and then waits.
   */
  write(chunk: StreamChunk, taken: () => void): void;
}
