import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo, Socket } from 'node:net';
import { ClientErrors } from './client-errors.ts';

/** Required, because an import asks for every export, and Node's WebSocket among them loads its whole fetch. */
const { createServer } = createRequire(import.meta.url)('node:http') as typeof import('node:http');

/** Bounds of the HTTP server itself; each closes the connection of a client that exceeds it. */
const SERVER_OPTIONS = {
  /** Request line and headers together, in bytes: room for a client context and a session token. */
  maxHeaderSize: 16 * 1024,
  /** A client that has not sent its headers by then is not going to. */
  headersTimeout: 15_000,
  /** Headers and body; longer than the body's own timeout, which answers properly. */
  requestTimeout: 120_000,
  /** Longer than the idle timeouts of common proxies and SDKs, so that they close first and no request is lost. */
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
  /** Node would answer without a body; the app answers in JSON. */
  requireHostHeader: false,
};

export interface Listening {
  /** Such as `http://127.0.0.1:8420`. */
  readonly url: string;
  readonly port: number;
}

export interface HttpServer {
  /** Answers with `app` from now on, what came in before included. */
  serve(app: RequestListener): void;
  /** Rejects with Node's error when the address cannot be had. */
  listen(host: string, port: number): Promise<Listening>;
  /** Stops accepting, lets requests in flight finish, then closes what idles. */
  close(): Promise<void>;
}

export function createHttpServer(): HttpServer {
  let closing = false;
  let answer: RequestListener | undefined;
  const early: [IncomingMessage, ServerResponse][] = [];
  const clientErrors = new ClientErrors();
  const serve = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    clientErrors.watch(outgoing);
    if (closing) outgoing.setHeader('connection', 'close');
    if (answer) answer(incoming, outgoing);
    else early.push([incoming, outgoing]);
  };
  const server: Server = createServer(SERVER_OPTIONS, serve);
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
        server.listen(port, host, () => {
          server.off('error', reject);
          const address = server.address() as AddressInfo;
          const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
          resolve({ url: `http://${name}:${address.port}`, port: address.port });
        });
      }),
    close: () =>
      new Promise((resolve) => {
        closing = true;
        // A kept-alive connection falls idle only after its last answer: close such ones until none is left.
        const sweep = setInterval(() => server.closeIdleConnections(), 50);
        for (const [, outgoing] of early.splice(0)) outgoing.destroy();
        server.close(() => {
          clearInterval(sweep);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
