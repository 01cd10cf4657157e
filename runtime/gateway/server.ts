import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo, Socket } from 'node:net';
import { deadlines } from '../dispatch/deadlines.ts';
import { ClientErrors } from './client-errors.ts';
import type { Connections } from './connections.ts';
import { send } from './exchange.ts';
import { refuse } from './refusal.ts';
import { createThrottle, createUnavailable } from './throttle.ts';

/** Required, because an import asks for every export, and Node's WebSocket among them loads its whole fetch. */
const { createServer } = createRequire(import.meta.url)('node:http') as typeof import('node:http');

/** Connections that may come at once, as far as the system lets them: one too many is tried again by its client a second later. */
const BACKLOG = 4_096;

/** Bounds of the HTTP server itself; each closes the connection of a client that exceeds it. */
const SERVER_OPTIONS = {
  /** Request line and headers together, in bytes: room for a client context and a session token. */
  maxHeaderSize: 16 * 1024,
  /** Headers and body; longer than the body's own timeout, which answers properly. */
  requestTimeout: 120_000,
  /** Longer than the idle timeouts of common proxies and SDKs, so that they close first and no request is lost. */
  keepAliveTimeout: 65_000,
  /** Node would answer without a body; the app answers in JSON. */
  requireHostHeader: false,
};

export interface Listening {
  /** Such as `http://127.0.0.1:8420`. */
  readonly url: string;
  readonly port: number;
}

export interface HttpServerDeps {
  /** Shared by the servers of a process. */
  readonly connections: Connections;
  /** A client that has not sent its headers by then is not going to; in milliseconds. */
  readonly headersTimeoutMs?: number;
}

export interface HttpServer {
  /** Answers with `app` from now on, what came in before included. */
  serve(app: RequestListener): void;
  /** Rejects with Node's error when the address cannot be had. */
  listen(host: string, port: number): Promise<Listening>;
  /**
   * Refuses what comes from now on but for health and metrics, and stops accepting as soon as what has arrived already is told
   * so. Resolves when what was accepted is answered.
   */
  close(): Promise<void>;
  /** Stops accepting, and breaks what is open. */
  cut(): Promise<void>;
}

export function createHttpServer({ connections, headersTimeoutMs = 15_000 }: HttpServerDeps): HttpServer {
  let closing = false;
  let answer: RequestListener | undefined;
  const early: [IncomingMessage, ServerResponse][] = [];
  const clientErrors = new ClientErrors(connections);
  const serve = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const entry = connections.enter(incoming, outgoing);
    if (entry === 'cut') return;
    if (entry === 'surplus') refuse({ incoming, outgoing }, createThrottle());
    else if (closing && !WATCHED.has(incoming.url ?? '')) refuse({ incoming, outgoing }, createUnavailable());
    else if (incoming.rawHeaders.length > 2 * HEADER_LINES) refuseHeaders(incoming, outgoing);
    else if (answer) answer(incoming, outgoing);
    else early.push([incoming, outgoing]);
  };
  const checkMs = Math.min(5_000, headersTimeoutMs);
  const timeouts = { headersTimeout: headersTimeoutMs, connectionsCheckingInterval: checkMs };
  const server: Server = createServer({ ...SERVER_OPTIONS, ...timeouts }, serve);
  // Node would leave out those beyond a bound; we count them.
  server.maxHeadersCount = 0;
  server.on('connection', (socket) => connections.add(socket));
  // An expectation that nobody knows is nobody's to refuse.
  server.on('checkExpectation', serve);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => clientErrors.answer(error, socket as Socket));
  return {
    serve(app) {
      answer = app;
      for (const [incoming, outgoing] of early.splice(0)) app(incoming, outgoing);
    },
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen({ port, host, backlog: BACKLOG }, () => {
          server.off('error', reject);
          const address = server.address() as AddressInfo;
          const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
          resolve({ url: `http://${name}:${address.port}`, port: address.port });
        });
      }),
    close: () =>
      new Promise((resolve) => {
        closing = true;
        for (const [, outgoing] of early.splice(0)) outgoing.destroy();
        connections.drain();
        deadlines.after(LAST_CALLS_MS, () => {
          server.close(() => resolve());
          server.closeIdleConnections();
        });
      }),
    cut: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        connections.cut();
      }),
  };
}

/** Longer than it takes to read what clients had sent, in milliseconds. */
const LAST_CALLS_MS = 50;

/** What is answered until the end. */
const WATCHED = new Set(['/healthz', '/readyz', '/metrics']);

/** More lines than any client needs, and few enough to sign and to make an event of. */
const HEADER_LINES = 128;

function refuseHeaders(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const headers = { 'content-type': 'application/json', connection: 'close' };
  send(
    { incoming, outgoing },
    { status: 431, headers, body: JSON.stringify({ message: 'The request headers are too large.' }) },
  );
}
