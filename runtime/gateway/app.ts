import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { LambdaError } from '../contract/errors.ts';
import { createAuthenticate } from './auth/authenticator.ts';
import { toErrorAnswer } from './error-answer.ts';
import { type GatewayEnv, readHead, send, sendJson } from './exchange.ts';
import type { GatewayDeps } from './gateway-deps.ts';
import { createInvoke, INVOKE_PATH } from './lambda-api/invoke.ts';
import { createOperationRoute } from './operation-route.ts';
import { createFunctionUrl } from './public/function-url.ts';
import { parseUrlHost } from './public/url-host.ts';

/** A body that is not whole after this long is given up; 70 MB in a minute is 10 Mbit/s. */
export const BODY_TIMEOUT_MS = 60_000;

/** The route table: everything that answers on the port. Trailing slashes are taken everywhere. */
export function createApp(deps: GatewayDeps): Hono<GatewayEnv> {
  const { config, observer } = deps;
  const app = new Hono<GatewayEnv>({ strict: false });
  const parts = {
    ...deps,
    resolver: deps.registry,
    authenticate: createAuthenticate(deps),
    bodyTimeoutMs: deps.bodyTimeoutMs ?? BODY_TIMEOUT_MS,
    home: { region: config.region, accountId: config.accountId },
  };
  const functionUrl = createFunctionUrl(parts);

  app.use(async (c, next) => {
    c.set('requestId', randomUUID());
    if (parseUrlHost(c.env?.incoming ? c.env.incoming.headers.host : readHead(c).headers.host)) {
      return functionUrl(c);
    }
    return next();
  });
  app.get('/healthz', (c) => sendJson(c, { status: 200, body: { status: 'ok' } }));
  app.get('/readyz', (c) =>
    deps.ready()
      ? sendJson(c, { status: 200, body: { status: 'ready' } })
      : sendJson(c, { status: 503, body: { status: 'not ready' } }),
  );
  app.get('/metrics', async (c) => {
    const { contentType, body } = await deps.metrics();
    return send(c, { status: 200, headers: { 'content-type': contentType }, body });
  });
  app.post(INVOKE_PATH, createInvoke(parts));
  for (const operation of deps.operations) {
    app.on(operation.method, operation.path, createOperationRoute(operation, parts));
  }
  app.all('/url/:function', functionUrl);
  app.all('/url/:function/*', functionUrl);
  app.notFound((c) => {
    const head = readHead(c);
    const message = `No operation answers ${head.method} ${head.rawPath}.`;
    return sendJson(c, toErrorAnswer(new LambdaError('UnknownOperationException', message), observer));
  });
  app.onError((error, c) => sendJson(c, toErrorAnswer(error, observer)));
  return app;
}
