import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { LambdaError } from '../contract/errors.ts';
import type { RequestTrace, TracedRequest, Tracer } from '../contract/tracer.ts';
import { createAuthenticate } from './auth/authenticator.ts';
import { toErrorAnswer } from './error-answer.ts';
import { type Exchange, readHead, send, sendJson } from './exchange.ts';
import type { GatewayDeps, GatewayParts } from './gateway-deps.ts';
import { createInvoke, INVOKE_PATH } from './lambda-api/invoke.ts';
import { createInvokeWithResponseStream, STREAM_INVOKE_PATH } from './lambda-api/invoke-with-response-stream.ts';
import { createLateServices } from './late-services.ts';
import { parseApiAddress, parseApiHost } from './public/api-host.ts';
import { createFunctionUrl } from './public/function-url.ts';
import { parseUrlHost } from './public/url-host.ts';
import type { RequestHead } from './request-head.ts';
import { CERTIFICATE_PATH, createCertificateRoute, createRootRoute, ROOT_PATHS } from './root-route.ts';
import { Routes, type Serve } from './routes.ts';
import { isForS3 } from './s3-requests.ts';
import { readTrace } from './trace-id.ts';
import type { Wire } from './wire.ts';

/** A body that is not whole after this long is given up; 70 MB in a minute is 10 Mbit/s. */
const BODY_TIMEOUT_MS = 60_000;

const SCHEDULER_PATHS = ['/schedules', '/schedules/*', '/schedule-groups', '/schedule-groups/*', '/tags/*'];

/** What the two ports answer: both the same requests where there is one port for all. */
export interface Apps {
  /** The API, health and metrics; function URLs too, by host or path, where there is one port for all. */
  readonly api: RequestListener;
  /** Function URLs alone: everything else is a URL that nobody has. */
  readonly public: RequestListener;
  /** One of them for a request that another process took in, from a client at `sourceIp`. */
  readonly passedOn: (door: 'api' | 'public', sourceIp: string) => RequestListener;
}

export function createApps(deps: GatewayDeps): Apps {
  const { config, observer } = deps;
  const parts: GatewayParts = {
    ...deps,
    resolver: deps.registry,
    authenticate: createAuthenticate(deps),
    bodyTimeoutMs: deps.bodyTimeoutMs ?? BODY_TIMEOUT_MS,
    home: { region: config.region, accountId: config.accountId },
  };
  const functionUrl = createFunctionUrl(parts);
  const { publicPort } = deps;
  const sharesPort = publicPort === undefined;
  const late = createLateServices(parts);
  const routes = new Routes(late.operations);
  routes.add('POST', INVOKE_PATH, createInvoke(parts));
  routes.add('POST', STREAM_INVOKE_PATH, createInvokeWithResponseStream(parts));
  const root = createRootRoute(parts);
  for (const path of ROOT_PATHS) for (const method of ['GET', 'POST']) routes.add(method, path, root);
  routes.addAll('/v2/*', late.apiGateway);
  for (const path of SCHEDULER_PATHS) routes.addAll(path, late.scheduler);
  routes.add('GET', CERTIFICATE_PATH, createCertificateRoute(parts));
  if (sharesPort) {
    for (const path of ['/url/:function', '/url/:function/*']) routes.addAll(path, functionUrl);
    for (const path of ['/api/:api', '/api/:api/*']) routes.addAll(path, late.httpApi);
  }
  routes.add('POST', '/s3-webhook', late.webhook);
  routes.add('GET', '/s3-webhook', (c) => sendJson(c, { status: 200, body: {} }));
  routes.add('GET', '/healthz', (c) => sendJson(c, { status: 200, body: { status: 'ok', publicPort } }));
  routes.add('GET', '/readyz', (c) =>
    deps.ready()
      ? sendJson(c, { status: 200, body: { status: 'ready' } })
      : sendJson(c, { status: 503, body: { status: 'not ready' } }),
  );
  routes.add('GET', '/metrics', async (c) => {
    const { contentType, body } = await deps.metrics();
    send(c, { status: 200, headers: { 'content-type': contentType }, body });
  });

  return {
    api: listen(answer),
    public: listen(answerVisitor),
    passedOn: (door, sourceIp) => listen(door === 'api' ? answer : answerVisitor, sourceIp),
  };

  function listen(serve: Serve, sourceIp?: string): RequestListener {
    return (incoming, outgoing) => {
      const head = readHead(incoming, sourceIp);
      const requestId = randomUUID();
      const { tracer } = deps;
      const trace = tracer && traceAnswer(tracer, { incoming, outgoing }, { ...head, requestId });
      const exchange: Exchange = { incoming, outgoing, head, requestId, params: {}, ...(trace ? { trace } : {}) };
      const served = async (): Promise<void> => {
        assertRequest(head);
        await serve(exchange);
      };
      void served().catch((error) => sendJson(exchange, toErrorAnswer(error, observer)));
    };
  }

  function answer(exchange: Exchange): void | Promise<void> {
    const { host } = exchange.head.headers;
    if (sharesPort && parseUrlHost(host)) return functionUrl(exchange);
    if (sharesPort && parseApiHost(host)) return late.httpApi(exchange);
    return isForS3(exchange.head) ? late.s3(exchange) : routes.serve(exchange);
  }

  function answerVisitor(exchange: Exchange): void | Promise<void> {
    const { headers, rawPath } = exchange.head;
    const isApis = !parseUrlHost(headers.host) && parseApiAddress(headers.host, rawPath) !== undefined;
    return isApis ? late.httpApi(exchange) : functionUrl(exchange);
  }
}

/** What asks how the process is, again and again, is not worth a trace. */
const WATCHED = new Set(['/healthz', '/readyz', '/metrics']);

function traceAnswer(tracer: Tracer, { outgoing }: Wire, request: TracedRequest): RequestTrace | undefined {
  if (WATCHED.has(request.rawPath)) return undefined;
  const trace = tracer.request(request, readTrace(request));
  outgoing.once('close', () => trace.ended({ status: outgoing.statusCode, isWhole: outgoing.writableFinished }));
  return trace;
}

const HOST = /^(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::\d{0,5})?$/;

function assertRequest({ headers, rawPath }: RequestHead): void {
  const { host } = headers;
  if (host === undefined) throw new LambdaError('ValidationException', 'The request has no Host header.');
  if (!HOST.test(host)) throw new LambdaError('ValidationException', 'The Host header names no host.');
  if (!rawPath.startsWith('/')) throw new LambdaError('ValidationException', 'The request target is no path.');
}
