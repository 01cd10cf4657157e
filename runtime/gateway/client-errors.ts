import type { Socket } from 'node:net';
import type { ErrorCode } from '../contract/errors.ts';
import { deadlines } from '../dispatch/deadlines.ts';
import type { Connections } from './connections.ts';

interface ClientError {
  readonly status: string;
  /** Absent where the catalogue has no error of this status. */
  readonly type?: ErrorCode;
  readonly message: string;
}

const INVALID: ClientError = {
  status: '400 Bad Request',
  type: 'ValidationException',
  message: 'The request is not valid HTTP.',
};
const CLIENT_ERRORS: Readonly<Record<string, ClientError>> = {
  HPE_HEADER_OVERFLOW: { status: '431 Request Header Fields Too Large', message: 'The request headers are too large.' },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    type: 'RequestTimeoutException',
    message: 'The request arrived too slowly.',
  },
};

/**
 * Answers what is no HTTP, or does not come in time, and ends its connection. Requests that came whole before it on the
 * same connection are answered first: the error is the answer of the request that it is in, and never another's.
 */
export class ClientErrors {
  readonly #connections: Connections;
  readonly #failed = new WeakSet<Socket>();

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  answer(error: NodeJS.ErrnoException, socket: Socket): void {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else if (!this.#failed.has(socket)) {
      this.#failed.add(socket);
      socket.pause();
      this.#answerLast(socket, toBytes(CLIENT_ERRORS[error.code ?? ''] ?? INVALID));
    }
  }

  #answerLast(socket: Socket, bytes: string): void {
    const open = this.#connections.unanswered(socket).filter(({ destroyed }) => !destroyed);
    const earlier = open.find(({ req }) => req.complete);
    if (earlier) earlier.once('close', () => this.#answerLast(socket, bytes));
    else end(socket, open.some(({ headersSent }) => headersSent) ? '' : bytes);
  }
}

/** How long a client may take to close its side, in milliseconds: closing ours at once could cost it the answer. */
const LINGER_MS = 1_000;

function end(socket: Socket, bytes: string): void {
  socket.end(bytes);
  socket.resume();
  const linger = deadlines.after(LINGER_MS, () => socket.destroy());
  socket.once('close', () => linger.cancel());
}

function toBytes({ status, type, message }: ClientError): string {
  const body = JSON.stringify({ message });
  const lines = [
    `HTTP/1.1 ${status}`,
    'content-type: application/json',
    ...(type === undefined ? [] : [`x-amzn-errortype: ${type}`]),
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
