import { BucketError } from '../../buckets/index.ts';

/** Reads lines and runs of bytes off what comes piece by piece. */
export class PieceReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** Up to a CRLF, which is taken off. */
  async line(mostBytes: number): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf('\r\n');
      if (end >= 0 && end <= mostBytes) {
        const line = this.#rest.toString('latin1', 0, end);
        this.#rest = this.#rest.subarray(end + 2);
        return line;
      }
      if (this.#rest.byteLength > mostBytes + 1) throw malformedChunks();
      this.#rest = Buffer.concat([this.#rest, await this.#next()]);
    }
  }

  /** So many bytes, in pieces. */
  async *run(bytes: number): AsyncGenerator<Uint8Array> {
    for (let left = bytes; left > 0; ) {
      if (this.#rest.byteLength === 0) this.#rest = await this.#next();
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.byteLength);
      left -= piece.byteLength;
      yield piece;
    }
  }

  /** Throws unless nothing is left. */
  async end(): Promise<void> {
    if (this.#rest.byteLength > 0 || !(await this.#pieces.next()).done) throw malformedChunks();
  }

  async #next(): Promise<Buffer> {
    const { value, done } = await this.#pieces.next();
    if (done) throw new BucketError('IncompleteBody', 'The request body terminated unexpectedly');
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
}

export function malformedChunks(): BucketError {
  return new BucketError('InvalidRequest', 'The body is not well formed for the aws-chunked content encoding');
}
