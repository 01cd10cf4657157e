import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { LambdaError } from '../contract/errors.ts';
import { createAuthenticate } from './auth/authenticator.ts';
import { toErrorAnswer } from './error-answer.ts';
import { type Exchange, readHead, send, sendJson } from './exchange.ts';
import type { GatewayDeps } from './gateway-deps.ts';
import { createInvoke, INVOKE_PATH } from './lambda-api/invoke.ts';
import { createOperationRoute } from './operation-route.ts';
import { createFunctionUrl } from './public/function-url.ts';
import { parseUrlHost } from './public/url-host.ts';
import type { RequestHead } from './request-head.ts';
import { createRouter, type Route } from './router.ts';

/** A body that is not whole after this long is given up; 70 MB in a minute is 10 Mbit/s. */
export const BODY_TIMEOUT_MS = 60_000;

type Serve = (exchange: Exchange) => void | Promise<void>;

/** Answers every request on the port: function URLs by their host, everything else by the route table. */
export function createApp(deps: GatewayDeps): RequestListener {
  const { config, observer } = deps;
  const parts = {
    ...deps,
    resolver: deps.registry,
    authenticate: createAuthenticate(deps),
    bodyTimeoutMs: deps.bodyTimeoutMs ?? BODY_TIMEOUT_MS,
    home: { region: config.region, accountId: config.accountId },
  };
  const functionUrl = createFunctionUrl(parts);
  const routes: readonly Route<Serve>[] = [
    { method: 'POST', path: INVOKE_PATH, target: createInvoke(parts) },
    { method: '*', path: '/url/:function/*', target: functionUrl },
    { method: 'GET', path: '/healthz', target: (c) => sendJson(c, { status: 200, body: { status: 'ok' } }) },
    {
      method: 'GET',
      path: '/readyz',
      target: (c) =>
        deps.ready()
          ? sendJson(c, { status: 200, body: { status: 'ready' } })
          : sendJson(c, { status: 503, body: { status: 'not ready' } }),
    },
    {
      method: 'GET',
      path: '/metrics',
      async target(c) {
        const { contentType, body } = await deps.metrics();
        send(c, { status: 200, headers: { 'content-type': contentType }, body });
      },
    },
    ...deps.operations.map((operation) => ({
      method: operation.method,
      path: operation.path,
      target: createOperationRoute(operation, parts),
    })),
  ];
  const find = createRouter(routes);

  return (incoming, outgoing) => {
    const requestId = randomUUID();
    const head = readHead(incoming);
    const isUrl = parseUrlHost(head.headers.host) !== undefined;
    const matched = isUrl ? { target: functionUrl, params: {} } : find(head.method, head.rawPath);
    const exchange: Exchange = { incoming, outgoing, head, requestId, params: matched?.params ?? {} };
    void answer(exchange, matched?.target).catch((error) => sendJson(exchange, toErrorAnswer(error, observer)));
  };
}

async function answer(exchange: Exchange, serve: Serve | undefined): Promise<void> {
  const { head } = exchange;
  assertRequest(head);
  if (!serve) {
    throw new LambdaError('UnknownOperationException', `No operation answers ${head.method} ${head.rawPath}.`);
  }
  await serve(exchange);
}

const HOST = /^(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::\d{0,5})?$/;

function assertRequest({ headers, rawPath }: RequestHead): void {
  const { host } = headers;
  if (host === undefined) throw new LambdaError('ValidationException', 'The request has no Host header.');
  if (!HOST.test(host)) throw new LambdaError('ValidationException', 'The Host header names no host.');
  if (!rawPath.startsWith('/')) throw new LambdaError('ValidationException', 'The request target is no path.');
}
