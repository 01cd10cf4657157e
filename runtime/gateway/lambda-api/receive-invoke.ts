import type { Authorizer } from '../../contract/authorizer.ts';
import type { FunctionVersion } from '../../contract/function-version.ts';
import type { Invocation } from '../../contract/invocation.ts';
import { SYNC_REQUEST_BYTES } from '../../contract/limits.ts';
import type { Scope } from '../../contract/scope.ts';
import { assertAllowed } from '../auth/access.ts';
import type { Authenticate } from '../auth/authenticator.ts';
import { hasArrived } from '../body.ts';
import { assertRoom, type EarlyRefusalDeps } from '../early-refusal.ts';
import { type Exchange, readExchangeBody } from '../exchange.ts';
import type { Resolver } from '../resolver.ts';
import { toTrace } from '../trace-id.ts';
import {
  type InvocationType,
  type InvokeOptions,
  invokeTooLarge,
  parseEvent,
  parseInvokeOptions,
} from './invoke-request.ts';
import { toFunctionResource } from './permission.ts';

export interface ReceiveDeps extends EarlyRefusalDeps {
  readonly authenticate: Authenticate;
  readonly authorizer: Authorizer;
  readonly resolver: Resolver;
  readonly bodyTimeoutMs: number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** A request to invoke a function, once it may be done. */
export interface InvokeCall {
  readonly scope: Scope;
  /** As the path has it: a name or an ARN, perhaps with a qualifier. */
  readonly functionName: string;
  /** As the query has it. */
  readonly qualifier?: string | undefined;
  readonly options: InvokeOptions;
  readonly invocation: Invocation;
}

/** Reads a request to invoke, in one of `types`: who asks, what for, and with which event. Throws a LambdaError. */
export async function receiveInvoke(
  c: Exchange,
  deps: ReceiveDeps,
  types: readonly InvocationType[],
): Promise<InvokeCall> {
  const receivedAt = deps.clock();
  const { head } = c;
  const caller = await deps.authenticate(head, ['lambda']);
  if (!hasArrived(c.incoming)) await refuseEarly(c, caller.scope, deps, receivedAt);
  const body = await readExchangeBody(c, {
    maxBytes: SYNC_REQUEST_BYTES,
    timeoutMs: deps.bodyTimeoutMs,
    tooLarge: invokeTooLarge,
  });
  caller.verify(body);
  const options = parseInvokeOptions(head, types);
  const qualifier = head.query.find(([name]) => name === 'Qualifier')?.[1];
  const { FunctionName: functionName = '' } = c.params;
  await deps.resolver.ready(caller.scope, functionName);
  if (caller.principal.kind !== 'root') {
    const resource = toFunctionResource({ ...caller.scope, reference: functionName, qualifier });
    const policy = deps.resolver.policyOf(caller.scope, functionName, qualifier || undefined);
    await assertAllowed(deps.authorizer, caller, head, { action: 'lambda:InvokeFunction', resource, policy });
  }
  const target = deps.resolver.resolve(caller.scope, functionName, qualifier || undefined);
  const { clientContext } = options;
  const invocation: Invocation = {
    requestId: c.requestId,
    target,
    event: parseEvent(body),
    receivedAt,
    ...toTrace(c, receivedAt),
    ...(clientContext === undefined ? {} : { clientContext }),
  };
  return { scope: caller.scope, functionName, qualifier, options, invocation };
}

/** Throws when a synchronous invocation would be refused anyway. Nobody has been verified yet: what else is wrong is told later. */
async function refuseEarly(c: Exchange, scope: Scope, deps: ReceiveDeps, receivedAt: number): Promise<void> {
  const { head, params } = c;
  if (/^(Event|DryRun)$/.test(head.headers['x-amz-invocation-type'] ?? '')) return;
  const { FunctionName: functionName = '' } = params;
  const qualifier = head.query.find(([name]) => name === 'Qualifier')?.[1];
  await deps.resolver.ready(scope, functionName);
  let target: FunctionVersion;
  try {
    target = deps.resolver.resolve(scope, functionName, qualifier || undefined);
  } catch {
    return;
  }
  assertRoom(c, deps, { target, receivedAt });
}
