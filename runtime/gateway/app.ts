import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { type Context, Hono } from 'hono';
import { LambdaError } from '../contract/errors.ts';
import { createAuthenticate } from './auth/authenticator.ts';
import { toErrorAnswer } from './error-answer.ts';
import { type Exchange, readHead, send, sendJson } from './exchange.ts';
import type { GatewayDeps } from './gateway-deps.ts';
import { createInvoke, INVOKE_PATH } from './lambda-api/invoke.ts';
import { createInvokeWithResponseStream, STREAM_INVOKE_PATH } from './lambda-api/invoke-with-response-stream.ts';
import { createOperationRoute } from './operation-route.ts';
import { createFunctionUrl } from './public/function-url.ts';
import { parseUrlHost } from './public/url-host.ts';
import type { RequestHead } from './request-head.ts';
import { createRootRoute } from './root-route.ts';

/** A body that is not whole after this long is given up; 70 MB in a minute is 10 Mbit/s. */
export const BODY_TIMEOUT_MS = 60_000;

type Serve = (exchange: Exchange) => void | Promise<void>;
type GatewayEnv = { Bindings: Omit<Exchange, 'params'> };

/** What the two ports answer: both the same requests where there is one port for all. */
export interface Apps {
  /** The API, health and metrics; function URLs too, by host or path, where there is one port for all. */
  readonly api: RequestListener;
  /** Function URLs alone: everything else is a URL that nobody has. */
  readonly public: RequestListener;
}

export function createApps(deps: GatewayDeps): Apps {
  const { config, observer } = deps;
  const parts = {
    ...deps,
    resolver: deps.registry,
    authenticate: createAuthenticate(deps),
    bodyTimeoutMs: deps.bodyTimeoutMs ?? BODY_TIMEOUT_MS,
    home: { region: config.region, accountId: config.accountId },
  };
  const functionUrl = createFunctionUrl(parts);
  const { publicPort } = deps;
  const sharesPort = publicPort === undefined;
  const app = new Hono<GatewayEnv>({
    getPath: (_request, options) => toRoutedPath(options?.env),
  });

  app.post(INVOKE_PATH, on(createInvoke(parts)));
  app.post(STREAM_INVOKE_PATH, on(createInvokeWithResponseStream(parts)));
  app.post('/', on(createRootRoute(parts)));
  if (sharesPort) {
    app.all('/url/:function', on(functionUrl));
    app.all('/url/:function/*', on(functionUrl));
  }
  app.get(
    '/healthz',
    on((exchange) => sendJson(exchange, { status: 200, body: { status: 'ok', publicPort } })),
  );
  app.get(
    '/readyz',
    on((exchange) =>
      deps.ready()
        ? sendJson(exchange, { status: 200, body: { status: 'ready' } })
        : sendJson(exchange, { status: 503, body: { status: 'not ready' } }),
    ),
  );
  app.get(
    '/metrics',
    on(async (exchange) => {
      const { contentType, body } = await deps.metrics();
      send(exchange, { status: 200, headers: { 'content-type': contentType }, body });
    }),
  );
  for (const operation of deps.operations) {
    app.on(operation.method, operation.path, on(createOperationRoute(operation, parts)));
  }
  app.notFound(
    on(({ head }) => {
      throw new LambdaError('UnknownOperationException', `No operation answers ${head.method} ${head.rawPath}.`);
    }),
  );
  app.onError((error, c) => {
    sendJson({ ...c.env, params: {} }, toErrorAnswer(error, observer));
    return ANSWERED;
  });

  // Hono compiles its routes when it first looks for one: better while a start waits for its thread than in a request.
  setImmediate(() => app.router.match('GET', '/'));

  return { api: listen(answer), public: listen(functionUrl) };

  function listen(serve: (exchange: Exchange) => Promise<void>): RequestListener {
    return (incoming, outgoing) => {
      const head = readHead(incoming);
      const exchange: Exchange = { incoming, outgoing, head, requestId: randomUUID(), params: {} };
      const served = async (): Promise<void> => {
        assertRequest(head);
        await serve(exchange);
      };
      void served().catch((error) => sendJson(exchange, toErrorAnswer(error, observer)));
    };
  }

  async function answer(exchange: Exchange): Promise<void> {
    const { head } = exchange;
    if (sharesPort && parseUrlHost(head.headers.host)) return functionUrl(exchange);
    await app.fetch({ method: head.method === 'HEAD' ? 'GET' : head.method } as Request, exchange);
  }
}

/** Hono wants a Response; ours was written on Node's own response by then. */
const ANSWERED = {} as Response;

function on(serve: Serve): (c: Context<GatewayEnv>) => Promise<Response> {
  return async (c) => {
    await serve({ ...c.env, params: c.req.param() });
    return ANSWERED;
  };
}

/** Clients of some years end paths with a slash; it means nothing. */
function toRoutedPath(env: unknown): string {
  const { rawPath } = (env as GatewayEnv['Bindings']).head;
  return rawPath.length > 1 && rawPath.endsWith('/') ? rawPath.slice(0, -1) : rawPath;
}

const HOST = /^(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::\d{0,5})?$/;

function assertRequest({ headers, rawPath }: RequestHead): void {
  const { host } = headers;
  if (host === undefined) throw new LambdaError('ValidationException', 'The request has no Host header.');
  if (!HOST.test(host)) throw new LambdaError('ValidationException', 'The Host header names no host.');
  if (!rawPath.startsWith('/')) throw new LambdaError('ValidationException', 'The request target is no path.');
}
