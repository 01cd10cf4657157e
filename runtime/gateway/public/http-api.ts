import type { ApiRecord, ApisPart, Located } from '../../apis/index.ts';
import { settingsFor } from '../../apis/index.ts';
import { LambdaError } from '../../contract/errors.ts';
import type { Invocation } from '../../contract/invocation.ts';
import type { Invoker } from '../../contract/invoker.ts';
import { SYNC_REQUEST_BYTES } from '../../contract/limits.ts';
import type { Authenticate } from '../auth/authenticator.ts';
import { assertRoom, type EarlyRefusalDeps } from '../early-refusal.ts';
import { type Answer, type Exchange, readExchangeBody, send } from '../exchange.ts';
import { toTrace } from '../trace-id.ts';
import { toApiAnswer, toApiMessage } from './api-answer.ts';
import { admit } from './api-authorization.ts';
import { type ApiRequest, toApiEvent } from './api-event.ts';
import { type ApiFunctionDeps, findApiFunction } from './api-function.ts';
import { parseApiAddress } from './api-host.ts';
import { toPreflight, withCors } from './cors.ts';
import { Rarely } from './rarely.ts';
import { within } from './within.ts';

export interface HttpApiDeps extends EarlyRefusalDeps, Omit<ApiFunctionDeps, 'rarely'> {
  readonly apis: () => Promise<ApisPart>;
  readonly authenticate: Authenticate;
  readonly invoke: Invoker;
  readonly bodyTimeoutMs: number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Serves HTTP APIs: a request that a route matches becomes an event of the function behind it. Reached by host or by path. */
export function createHttpApi(given: HttpApiDeps): (c: Exchange) => Promise<void> {
  const rarely = new Rarely(given);
  const deps = { ...given, rarely };
  return async (c) => {
    const address = parseApiAddress(c.head.headers.host, c.head.rawPath);
    const part = await deps.apis();
    const api = address && part.live.find(address.apiId, address.region);
    if (!address || !api) return send(c, toApiMessage(404, c.requestId));
    const cors = settingsFor(api.corsConfiguration, c.head.headers.origin);
    const preflight = toPreflight(cors, c.head, c.requestId);
    if (preflight) return send(c, { ...preflight, status: 204 });
    const answer = await serve(c, { part, api, rawPath: address.rawPath }).catch((error: unknown) => {
      if (error instanceof LambdaError) return toRefusal(error, c.requestId);
      throw error;
    });
    return send(c, withCors(cors, c.head, answer));
  };

  async function serve(
    c: Exchange,
    { part, api, rawPath }: { readonly part: ApisPart; readonly api: ApiRecord; readonly rawPath: string },
  ): Promise<Answer> {
    const { head, requestId } = c;
    const receivedAt = deps.clock();
    const located = part.live.locate(api, head.method, rawPath);
    if (located === undefined) return toApiMessage(404, requestId);
    c.trace?.matched(located.route.routeKey.replace(/^\S+ /, ''));
    if (!part.live.admits(located, receivedAt)) return toApiMessage(429, requestId);
    const trace = toTrace(c, receivedAt);
    const request: ApiRequest = { head, located, rawPath, requestId, traceId: trace.traceId, receivedAt };
    const admission = await admit(request, { ...deps, part });
    if (admission.kind === 'refused') return toApiMessage(admission.status, requestId);
    const target = await findApiFunction(deps, {
      ...{ api, stage: located.stage, uri: located.integration.integrationUri },
      ...{ sourceArn: toSourceArn(located, head.method), roleArn: located.integration.credentialsArn },
    });
    if (target === undefined) return toApiMessage(500, requestId);
    assertRoom(c, deps, { target, receivedAt });
    const body = await readExchangeBody(c, { maxBytes: SYNC_REQUEST_BYTES, timeoutMs: deps.bodyTimeoutMs, tooLarge });
    if (admission.confirm && !(await admission.confirm(body))) return toApiMessage(403, requestId);
    const event = Buffer.from(JSON.stringify(toApiEvent({ ...request, body }, admission)));
    // Base64 and JSON make the event larger than the request was: the event is what the limit is about.
    if (event.byteLength > SYNC_REQUEST_BYTES) throw tooLarge();
    const invocation: Invocation = { requestId, target, event, receivedAt, ...trace, trigger: 'http' };
    const outcome = await within(located.integration.timeoutInMillis, deps.invoke(invocation));
    if (outcome === 'late') return toApiMessage(503, requestId);
    return toApiAnswer(invocation, outcome, {
      format: located.integration.payloadFormatVersion,
      rarely,
    });
  }
}

/** By which the function's policy knows what the API invokes it for: the path is the route's, as it was written. */
function toSourceArn({ api, stage, route }: Located, method: string): string {
  const [first = '', path] = route.routeKey.split(' ');
  const what = path === undefined ? first : `${method}${path}`;
  return `arn:aws:execute-api:${api.region}:${api.accountId}:${api.apiId}/${stage.stageName}/${what}`;
}

function tooLarge(): LambdaError {
  return new LambdaError('RequestEntityTooLargeException', 'Request Entity Too Large');
}

/** What the gateway refuses for reasons of its own, in API Gateway's form. */
function toRefusal(error: LambdaError, requestId: string): Answer {
  if (error.code === 'TooManyRequestsException') {
    const answer = toApiMessage(503, requestId);
    return { ...answer, headers: { ...answer.headers, ...error.headers } };
  }
  const { headers } = toApiMessage(500, requestId);
  return { status: error.status, headers, body: JSON.stringify({ message: error.message }) };
}
