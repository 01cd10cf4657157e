import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestTrace } from '../contract/tracer.ts';
import { deadlines } from '../dispatch/deadlines.ts';
import { type BodyLimits, hasArrived, readBody } from './body.ts';
import { type RequestHead, toRequestHead } from './request-head.ts';
import { awaitTaken } from './untaken.ts';
import type { Wire } from './wire.ts';

/** One request and the place for its answer. */
export interface Exchange extends Wire {
  readonly head: RequestHead;
  readonly requestId: string;
  /** Its part of a trace, where traces are taken. */
  readonly trace?: RequestTrace;
  /** The path's parameters, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
}

/** What goes back: header names in lower case, a list means one line each. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Uint8Array | string;
}

/** `sourceIp` where the connection's other end is not the client. */
export function readHead(incoming: IncomingMessage, sourceIp?: string): RequestHead {
  return toRequestHead({
    method: incoming.method ?? 'GET',
    target: incoming.url ?? '/',
    headerLines: incoming.rawHeaders,
    sourceIp: sourceIp ?? (incoming.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    protocol: `HTTP/${incoming.httpVersion}`,
  });
}

export function readExchangeBody(exchange: Exchange, limits: BodyLimits): Promise<Uint8Array> {
  return readBody(exchange, limits);
}

/** Writes the answer, unless one was written already. */
export function send(wire: Wire, answer: Answer): void {
  const { incoming, outgoing } = wire;
  const headers: Record<string, string | readonly string[]> = { ...answer.headers };
  const bodiless = answer.status === 204 || answer.status === 304;
  const body = withoutBody(answer.status) ? undefined : answer.body;
  if (outgoing.headersSent || outgoing.destroyed) return;
  if (!bodiless) headers['content-length'] = String(Buffer.byteLength(body ?? ''));
  // Whoever still sends a body that nobody will read must not reuse the connection.
  const isSending = !hasArrived(incoming);
  if (isSending) headers.connection = 'close';
  outgoing.writeHead(answer.status, headers as Record<string, string | string[]>);
  const content = incoming.method === 'HEAD' ? undefined : body;
  if (isSending) endAfterRequest(wire, content);
  else end(outgoing, content);
  awaitTaken(wire);
}

/** Up to this size a body is written in one piece with its head, in bytes: to put them together costs less than to write two. */
const ONE_PIECE_BYTES = 16 * 1024;

/** Node puts the head before a body that is a string; in latin1 each character is a byte. */
function end(outgoing: ServerResponse, content: Uint8Array | string | undefined): void {
  if (typeof content !== 'object' || content.byteLength > ONE_PIECE_BYTES) outgoing.end(content);
  else outgoing.end(Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1'), 'latin1');
}

/** True of a status whose answers have no body. */
export function withoutBody(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

export function sendJson(
  exchange: Exchange,
  answer: { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> },
): void {
  const { status, body } = answer;
  const headers = { 'x-amzn-requestid': exchange.requestId, ...answer.headers };
  if (body === undefined) send(exchange, { status, headers });
  else {
    const typed = { 'content-type': 'application/json', ...headers };
    send(exchange, { status, headers: typed, body: JSON.stringify(body) });
  }
}

/** How long a client may go on sending after its answer: in all, and without a byte coming; in milliseconds. */
const LINGER_MS = 10_000;
const LINGER_IDLE_MS = 500;

/**
 * Writes the answer, and reads past the rest of the request before the connection ends. Closing while bytes still come
 * resets the connection, and the client that is sending them sees that in place of its answer.
 */
function endAfterRequest({ incoming, outgoing }: Wire, content: Uint8Array | string | undefined): void {
  outgoing.flushHeaders();
  if (content !== undefined && content.length > 0) outgoing.write(content);
  const end = (): void => {
    most.cancel();
    idle.cancel();
    incoming.off('data', onData).off('end', end).off('close', end);
    outgoing.end();
  };
  const onData = (): void => void idle.renew();
  const most = deadlines.after(LINGER_MS, end);
  const idle = deadlines.after(LINGER_IDLE_MS, end);
  incoming.on('data', onData).on('end', end).on('close', end).resume();
}
