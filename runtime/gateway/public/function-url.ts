import type { Authorizer } from '../../contract/authorizer.ts';
import { LambdaError } from '../../contract/errors.ts';
import type { Invocation } from '../../contract/invocation.ts';
import type { Invoker } from '../../contract/invoker.ts';
import { SYNC_REQUEST_BYTES } from '../../contract/limits.ts';
import type { Observer } from '../../contract/observer.ts';
import type { Scope } from '../../contract/scope.ts';
import { type HttpEventContext, toHttpEvent } from '../../events/http-v2-event.ts';
import { explainDenial } from '../auth/access.ts';
import type { Authenticate, Caller } from '../auth/authenticator.ts';
import { assertRoom, type EarlyRefusalDeps } from '../early-refusal.ts';
import { type Answer, type Exchange, readExchangeBody, send } from '../exchange.ts';
import type { RequestHead } from '../request-head.ts';
import type { Resolver, UrlTarget } from '../resolver.ts';
import { toTrace } from '../trace-id.ts';
import { toAnswer, toMessage } from './answer.ts';
import { toPreflight, withCors } from './cors.ts';
import { answerStreamed } from './streamed-url.ts';
import { parseUrlHost } from './url-host.ts';
import { parseUrlPath } from './url-path.ts';
import { toPort, toUrlCaller } from './visitor.ts';

export interface FunctionUrlDeps extends EarlyRefusalDeps {
  readonly authenticate: Authenticate;
  readonly authorizer: Authorizer;
  readonly resolver: Resolver;
  readonly invoke: Invoker;
  readonly observer: Observer;
  readonly home: Scope;
  readonly bodyTimeoutMs: number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Serves a function URL: HTTP in, payload format 2.0, HTTP out. Reached by path or by host. */
export function createFunctionUrl(deps: FunctionUrlDeps): (c: Exchange) => Promise<void> {
  return async (c) => {
    const receivedAt = deps.clock();
    const { head } = c;
    const found = await findUrl(head, deps);
    const requestId = c.requestId;
    if (!found) return send(c, toMessage(403, null, requestId));
    const { cors } = found.url;
    const preflight = toPreflight(cors, head, requestId);
    if (preflight) return send(c, preflight);
    const isOpen = found.url.authType !== 'NONE' || found.url.isPublic === true;
    if (!isOpen && !(await mayAnyoneVisit(head, found.url, deps))) return send(c, toForbidden(requestId));
    const caller = found.url.authType === 'NONE' ? undefined : await authenticate(head, deps);
    if (caller === 'unsigned') return send(c, toForbidden(requestId));
    assertRoom(c, deps, { target: found.url.target, receivedAt });
    const body = await readExchangeBody(c, {
      maxBytes: SYNC_REQUEST_BYTES,
      timeoutMs: deps.bodyTimeoutMs,
      tooLarge: () => new LambdaError('RequestEntityTooLargeException', 'Request Entity Too Large'),
    });
    caller?.verify(body);
    if (caller && !(await mayVisit(caller, head, found.url, deps))) return send(c, toForbidden(requestId));
    const trace = toTrace(c, receivedAt);
    const { urlId, scope } = found.url;
    const context: HttpEventContext = {
      urlId,
      domainName: `${urlId}.lambda-url.${scope.region}.localhost`,
      requestId,
      traceId: trace.traceId,
      receivedAt,
      ...(caller === undefined ? {} : { caller: toUrlCaller(caller) }),
    };
    const facts = { ...head, rawPath: found.rawPath, body, port: toPort(head), scheme: 'http' as const };
    const event = Buffer.from(JSON.stringify(toHttpEvent(facts, context)));
    // Base64 and JSON make the event larger than the request was: the event is what the limit is about.
    if (event.byteLength > SYNC_REQUEST_BYTES) {
      throw new LambdaError('RequestEntityTooLargeException', 'Request Entity Too Large');
    }
    const invocation: Invocation = {
      requestId,
      target: found.url.target,
      event,
      receivedAt,
      ...trace,
      trigger: 'http',
    };
    if (found.url.invokeMode === 'RESPONSE_STREAM') return answerStreamed(c, { invocation, cors, ...deps });
    const outcome = await deps.invoke(invocation);
    return send(c, withCors(cors, head, toAnswer(invocation, outcome, deps.observer)));
  };
}

async function findUrl(
  head: RequestHead,
  { resolver, home }: FunctionUrlDeps,
): Promise<{ url: UrlTarget; rawPath: string } | undefined> {
  const host = parseUrlHost(head.headers.host);
  if (host) {
    if (!resolver.resolveUrl(host.urlId)) await resolver.ready();
    const url = resolver.resolveUrl(host.urlId);
    return url && url.scope.region === host.region ? { url, rawPath: head.rawPath } : undefined;
  }
  const path = parseUrlPath(head.rawPath);
  if (!path) return undefined;
  await resolver.ready(home, path.functionName);
  const url = resolver.resolveUrlOf(home, path.functionName, path.qualifier);
  return url && { url, rawPath: path.rest };
}

async function authenticate(head: RequestHead, deps: FunctionUrlDeps): Promise<Caller | 'unsigned'> {
  try {
    return await deps.authenticate(head, ['lambda']);
  } catch (error) {
    if (!(error instanceof LambdaError) || error.code !== 'MissingAuthenticationTokenException') throw error;
    return 'unsigned';
  }
}

/** What a policy that looks at the request says of a visitor without a signature. */
async function mayAnyoneVisit(head: RequestHead, url: UrlTarget, deps: FunctionUrlDeps): Promise<boolean> {
  if (url.isPublic !== 'depends') return false;
  return mayVisit({ principal: { kind: 'anonymous' }, scope: url.scope }, head, url, deps);
}

/** True when the caller's policies, or the function's, let the caller visit the URL. */
async function mayVisit(
  caller: Pick<Caller, 'principal' | 'scope'>,
  head: RequestHead,
  { resource, policy, authType }: UrlTarget,
  { authorizer }: FunctionUrlDeps,
): Promise<boolean> {
  const context = { 'lambda:FunctionUrlAuthType': authType };
  const wish = { action: 'lambda:InvokeFunctionUrl', resource, context, policy };
  return (await explainDenial(authorizer, caller, head, wish)) === undefined;
}

/** What whoever may not call the URL reads. */
function toForbidden(requestId: string): Answer {
  const answer = toMessage(
    403,
    'Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html',
    requestId,
  );
  return { ...answer, headers: { ...answer.headers, 'x-amzn-errortype': 'AccessDeniedException' } };
}
