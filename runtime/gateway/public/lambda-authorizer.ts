import { randomUUID } from 'node:crypto';
import { type ApisPart, type AuthorizerResult, type LambdaAuthorizerRecord, readIdentity } from '../../apis/index.ts';
import type { Invoker } from '../../contract/invoker.ts';
import { toAuthorizerV1Event, toAuthorizerV2Event } from '../../events/authorizer-event.ts';
import { fromAuthorizerResult } from '../../events/authorizer-result.ts';
import type { ApiStatus } from './api-answer.ts';
import { type ApiCaller, type ApiRequest, toApiEvent } from './api-event.ts';
import { type ApiFunctionDeps, findApiFunction } from './api-function.ts';
import { within } from './within.ts';

export interface LambdaAuthorizerDeps extends ApiFunctionDeps {
  readonly part: Pick<ApisPart, 'results' | 'permits'>;
  readonly invoke: Invoker;
}

/** How long an authorizer may take, in milliseconds. API Gateway's. */
const PATIENCE_MS = 10_000;

/**
 * Asks a function about a request, or what it said of the same caller before: what it said of them beside yes, or the status of
 * a refusal.
 */
export async function askAuthorizer(
  deps: LambdaAuthorizerDeps,
  request: ApiRequest,
  authorizer: LambdaAuthorizerRecord,
  arn: string,
): Promise<Pick<ApiCaller, 'lambda' | 'principalId'> | ApiStatus> {
  const { head, located } = request;
  const identity = readIdentity(authorizer.identitySource, {
    headers: head.headers,
    query: new URLSearchParams(head.rawQuery),
    stageVariables: located.stage.stageVariables,
    context: toContext(request),
  });
  if (identity === undefined) return 401;
  const { stage, api } = located;
  const of = [api.apiId, stage.stageName, JSON.stringify([authorizer, stage.stageVariables]), ...identity];
  const known = deps.part.results.find(of);
  if (known !== undefined) return conclude(deps, known, arn);
  const format = authorizer.authorizerPayloadFormatVersion;
  const toEvent = format === '1.0' ? toAuthorizerV1Event : toAuthorizerV2Event;
  const event = toApiEvent({ ...request, body: new Uint8Array() }, {}, format);
  const result = await ask(deps, request, authorizer, toEvent(event, { arn, identity }));
  if (typeof result === 'number') return result;
  deps.part.results.keep(of, result, authorizer.authorizerResultTtlInSeconds);
  return conclude(deps, result, arn);
}

/** The variables that `$context` has before anybody is asked. */
function toContext({ head, located, rawPath, requestId }: ApiRequest): Readonly<Record<string, unknown>> {
  const { api, stage, route } = located;
  return {
    ...{ apiId: api.apiId, accountId: api.accountId, stage: stage.stageName, routeKey: route.routeKey, requestId },
    ...{ httpMethod: head.method, path: rawPath, protocol: head.protocol },
    identity: { sourceIp: head.sourceIp, userAgent: head.headers['user-agent'] ?? '' },
  };
}

async function ask(
  deps: LambdaAuthorizerDeps,
  { located: { api, stage }, receivedAt, traceId }: ApiRequest,
  authorizer: LambdaAuthorizerRecord,
  event: unknown,
): Promise<AuthorizerResult | ApiStatus> {
  const { authorizerId, authorizerUri: uri, authorizerCredentialsArn: roleArn } = authorizer;
  const sourceArn = `arn:aws:execute-api:${api.region}:${api.accountId}:${api.apiId}/authorizers/${authorizerId}`;
  const target = await findApiFunction(deps, { api, stage, uri, sourceArn, roleArn });
  if (target === undefined) return 500;
  const bytes = Buffer.from(JSON.stringify(event));
  const invocation = { requestId: randomUUID(), target, event: bytes, receivedAt, traceId };
  const outcome = await within(PATIENCE_MS, deps.invoke(invocation));
  if (outcome === 'late') return 500;
  if (outcome.kind === 'refused') return 503;
  if (outcome.kind === 'function-error' && outcome.error.errorMessage === 'Unauthorized') return 401;
  if (outcome.kind !== 'succeeded') return 500;
  const result = fromAuthorizerResult(outcome.payload, authorizer.enableSimpleResponses ? 'simple' : 'policy');
  if (result !== undefined) return result;
  deps.rarely.warn(`${target.arn} answered as an authorizer with what is none of its responses.`);
  return 500;
}

function conclude(
  { part, rarely }: LambdaAuthorizerDeps,
  { says, context, principalId }: AuthorizerResult,
  arn: string,
): Pick<ApiCaller, 'lambda' | 'principalId'> | ApiStatus {
  let isAllowed: boolean;
  try {
    isAllowed = typeof says === 'boolean' ? says : part.permits(says.policy, arn);
  } catch {
    // Why is in the guest's words, and it has as many as it likes.
    rarely.warn(
      `An authorizer of the API ${arn.split(':')[5]?.split('/')[0]} answered with a policy that is none, or too long.`,
    );
    return 500;
  }
  if (!isAllowed) return 403;
  return { lambda: context ?? {}, ...(principalId === undefined ? {} : { principalId }) };
}
