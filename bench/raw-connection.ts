import { connect, type Socket } from 'node:net';

const END_OF_HEAD = '\r\n\r\n';
/** The end of content-length's line, as every server writes it, and how far before it the line begins. */
const LENGTH = 'ength: ';
const BEFORE_LENGTH = '\ncontent-l'.length;
const ZERO = 48;
const NEW_LINE = 10;
const READ_BYTES = 64 * 1024;

/** An answer on the wire. Its bytes are good until the handler returns. */
export interface RawAnswer {
  readonly status: number;
  readonly bytes: Buffer;
  /** Where the body begins; it ends with the bytes. */
  readonly bodyAt: number;
}

export interface RawConnectionHandler {
  open(): void;
  answer(answer: RawAnswer): void;
  /** The connection cannot be used any more; without an error when the server ended it. */
  closed(error?: Error): void;
}

/**
 * One keep-alive connection that sends bytes made before and reads of an answer its status and length: some ten microseconds
 * of this process a request, connections at work together, so that what is measured is the server. One request at a time;
 * only answers that have a content-length.
 */
export class RawConnection {
  readonly #socket: Socket;
  readonly #handler: RawConnectionHandler;
  #rest: Buffer | undefined;

  constructor(url: string, handler: RawConnectionHandler) {
    const { hostname, port } = new URL(url);
    this.#handler = handler;
    this.#socket = connect({
      ...{ host: hostname, port: Number(port), noDelay: true },
      onread: {
        buffer: Buffer.allocUnsafeSlow(READ_BYTES),
        callback: (length, buffer) => this.#read((buffer as Buffer).subarray(0, length)),
      },
    });
    this.#socket.once('connect', () => handler.open());
    this.#socket.once('error', (error) => handler.closed(error));
    this.#socket.once('end', () => handler.closed());
  }

  ask(request: Buffer): void {
    this.#socket.write(request);
  }

  end(): void {
    this.#socket.removeAllListeners().on('error', () => {});
    this.#socket.destroy();
  }

  #read(chunk: Buffer): true {
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    const head = bytes.indexOf(END_OF_HEAD, 0, 'latin1');
    const missing = head < 0 ? 1 : lengthOf(bytes, head) - bytes.length;
    this.#rest = missing > 0 ? Buffer.from(bytes) : undefined;
    if (Number.isNaN(missing))
      this.#handler.closed(new Error(`an answer without a length: ${bytes.toString('latin1')}`));
    if (missing <= 0) this.#handler.answer({ status: statusOf(bytes), bytes, bodyAt: head + END_OF_HEAD.length });
    return true;
  }
}

/** A POST as bytes. */
export function toRequest(
  url: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array,
): Buffer {
  const content = Buffer.from(body);
  const all = { host: new URL(url).host, ...headers, 'content-length': String(content.length) };
  const lines = Object.entries(all).map(([name, value]) => `\r\n${name}: ${value}`);
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1${lines.join('')}${END_OF_HEAD}`), content]);
}

function statusOf(bytes: Buffer): number {
  return (bytes[9] as number) * 100 + (bytes[10] as number) * 10 + (bytes[11] as number) - 5_328;
}

function lengthOf(bytes: Buffer, head: number): number {
  let at = bytes.indexOf(LENGTH, 0, 'latin1');
  while (at > 0 && at < head && bytes[at - BEFORE_LENGTH] !== NEW_LINE) at = bytes.indexOf(LENGTH, at + 1, 'latin1');
  if (at < 0 || at > head) return Number.NaN;
  let length = 0;
  for (let index = at + LENGTH.length; isDigit(bytes[index] as number); index++) {
    length = length * 10 + (bytes[index] as number) - ZERO;
  }
  return head + END_OF_HEAD.length + length;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9;
}
