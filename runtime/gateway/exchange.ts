import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import { type BodyLimits, readBody } from './body.ts';
import { type RequestHead, toRequestHead } from './request-head.ts';

/** Hono's environment here: Node's own request and response, absent when the app is called in-process. */
export type GatewayEnv = { Bindings: Partial<HttpBindings>; Variables: { requestId: string } };
export type GatewayContext = Context<GatewayEnv>;

/** What goes back: header names in lower case, a list means one line each. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Uint8Array | string;
}

export function readHead(c: GatewayContext): RequestHead {
  const { incoming } = c.env;
  if (incoming) {
    return toRequestHead({
      method: incoming.method ?? 'GET',
      target: incoming.url ?? '/',
      headerLines: incoming.rawHeaders,
      sourceIp: (incoming.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
      protocol: `HTTP/${incoming.httpVersion}`,
    });
  }
  const request = c.req.raw;
  const url = new URL(request.url);
  const headerLines = [...request.headers].flat();
  return toRequestHead({
    method: request.method,
    target: url.pathname + url.search,
    headerLines: request.headers.has('host') ? headerLines : [...headerLines, 'host', url.host],
    sourceIp: '127.0.0.1',
    protocol: 'HTTP/1.1',
  });
}

export async function readExchangeBody(c: GatewayContext, limits: BodyLimits): Promise<Uint8Array> {
  const { incoming } = c.env;
  if (incoming) return readBody(incoming, limits);
  const body = new Uint8Array(await c.req.raw.arrayBuffer());
  if (body.byteLength > limits.maxBytes) throw limits.tooLarge(body.byteLength);
  return body;
}

/** Writes on Node's own response where there is one: Hono's conversion costs more than the rest of the way together. */
export function send(c: GatewayContext, answer: Answer): Response {
  const headers = { ...answer.headers };
  const { incoming, outgoing } = c.env;
  const bodiless = answer.status === 204 || answer.status === 304;
  const body = bodiless || answer.status === 205 ? undefined : answer.body;
  if (!incoming || !outgoing) {
    const lines = Object.entries(headers).flatMap(([name, value]) =>
      [value].flat().map((line): [string, string] => [name, line]),
    );
    return new Response(toBodyInit(body), { status: answer.status, headers: lines });
  }
  if (outgoing.headersSent || outgoing.destroyed) return RESPONSE_ALREADY_SENT;
  if (!bodiless) headers['content-length'] = String(Buffer.byteLength(body ?? ''));
  // Whoever still sends a body that nobody will read must not reuse the connection.
  const isSending = hasBody(incoming) && !incoming.complete;
  if (isSending) headers.connection = 'close';
  outgoing.writeHead(answer.status, headers as Record<string, string | string[]>);
  const content = incoming.method === 'HEAD' ? undefined : body;
  if (isSending) endAfterRequest(incoming, outgoing, content);
  else outgoing.end(content);
  return RESPONSE_ALREADY_SENT;
}

export function sendJson(
  c: GatewayContext,
  answer: { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> },
): Response {
  const headers = { 'x-amzn-requestid': c.get('requestId'), ...answer.headers };
  if (answer.body === undefined) return send(c, { status: answer.status, headers });
  return send(c, {
    status: answer.status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(answer.body),
  });
}

/** How long a client may go on sending after its answer: in all, and without a byte coming; in milliseconds. */
const LINGER_MS = 10_000;
const LINGER_IDLE_MS = 500;

/**
 * Writes the answer, and reads past the rest of the request before the connection ends. Closing while bytes still come
 * resets the connection, and the client that is sending them sees that in place of its answer.
 */
function endAfterRequest(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  content: Uint8Array | string | undefined,
): void {
  outgoing.flushHeaders();
  if (content !== undefined && content.length > 0) outgoing.write(content);
  const end = (): void => {
    clearTimeout(most);
    clearTimeout(idle);
    incoming.off('data', onData).off('end', end).off('close', end);
    outgoing.end();
  };
  const onData = (): void => void idle.refresh();
  const most = setTimeout(end, LINGER_MS);
  const idle = setTimeout(end, LINGER_IDLE_MS);
  incoming.on('data', onData).on('end', end).on('close', end).resume();
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function toBodyInit(body: Uint8Array | string | undefined): BodyInit | null {
  return body === undefined ? null : typeof body === 'string' ? body : new Uint8Array(body);
}
