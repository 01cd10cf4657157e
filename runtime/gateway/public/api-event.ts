import type { Located } from '../../apis/index.ts';
import { toHttpV1Event } from '../../events/http-v1-event.ts';
import { type HttpRoute, toHttpEvent, type UrlCaller } from '../../events/http-v2-event.ts';
import type { RequestHead } from '../request-head.ts';
import { toPort } from './visitor.ts';

/** A request that a route matched. */
export interface ApiRequest {
  readonly head: RequestHead;
  readonly located: Located;
  /** As the host sees it: with the stage. */
  readonly rawPath: string;
  readonly requestId: string;
  readonly traceId: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

/** What is known of the caller of a route. */
export interface ApiCaller {
  /** Who signed, of a route with AWS_IAM. */
  readonly signer?: UrlCaller;
  /** What a JWT authorizer read. */
  readonly jwt?: { readonly claims: Readonly<Record<string, string>>; readonly scopes: readonly string[] | null };
  /** What a Lambda authorizer said beside yes. */
  readonly lambda?: Readonly<Record<string, unknown>>;
  /** Whom its policy is about. */
  readonly principalId?: string;
}

/** The event of a route's function, in the format that its integration wants. */
export function toApiEvent(
  request: ApiRequest & { readonly body: Uint8Array },
  caller: ApiCaller,
  format: '1.0' | '2.0' = request.located.integration.payloadFormatVersion,
): Readonly<Record<string, unknown>> {
  const { head, rawPath, body, requestId, traceId, receivedAt } = request;
  const { api } = request.located;
  const facts = { ...head, rawPath, body, port: toPort(head), scheme: 'http' as const };
  const domainName = `${api.apiId}.execute-api.${api.region}.localhost`;
  const context = { domainName, requestId, traceId, receivedAt };
  const { signer, jwt, lambda } = caller;
  if (format === '1.0') {
    const authorizer = toV1Authorizer(caller, Date.now() - receivedAt);
    return toHttpV1Event(facts, {
      ...context,
      ...{ apiId: api.apiId, route: toRoute(request.located) },
      ...(authorizer && { authorizer }),
      ...(signer && { identity: toIdentity(signer) }),
    });
  }
  const authorizer = jwt ? { jwt } : lambda ? { lambda } : undefined;
  return toHttpEvent(facts, {
    ...context,
    urlId: api.apiId,
    route: { ...toRoute(request.located), ...(authorizer && { authorizer }) },
    ...(signer && { caller: signer }),
  });
}

function toRoute({ api, stage, route, pathParameters }: Located): HttpRoute {
  const { stageVariables } = stage;
  return {
    ...{ accountId: api.accountId, key: route.routeKey, stage: stage.stageName },
    ...(pathParameters && { pathParameters }),
    ...(Object.keys(stageVariables).length > 0 && { stageVariables }),
  };
}

/** What is said of a caller in format 1.0, and how many milliseconds that took. */
function toV1Authorizer(
  { jwt, lambda, principalId }: ApiCaller,
  latencyMs: number,
): Readonly<Record<string, unknown>> | undefined {
  if (jwt) return { claims: jwt.claims, ...(jwt.scopes && { scopes: jwt.scopes }) };
  if (lambda === undefined) return undefined;
  return {
    ...lambda,
    ...(principalId === undefined ? {} : { principalId }),
    integrationLatency: Math.max(0, latencyMs),
  };
}

function toIdentity({ accessKeyId, accountId, user }: UrlCaller): Readonly<Record<string, unknown>> {
  const { arn, userId } = user ?? { arn: `arn:aws:iam::${accountId}:root`, userId: accountId };
  return { accessKey: accessKeyId, accountId, caller: userId, user: userId, userArn: arn };
}
