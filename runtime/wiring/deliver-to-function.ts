import { randomUUID } from 'node:crypto';
import type { Enqueue } from '../contract/async-invocation.ts';
import type { Authorizer } from '../contract/authorizer.ts';
import type { Delivery, DeliveryRefusal } from '../contract/delivery.ts';
import { LambdaError } from '../contract/errors.ts';
import { ASYNC_REQUEST_BYTES } from '../contract/limits.ts';
import type { Scope } from '../contract/scope.ts';
import type { TakeTrace } from '../contract/tracer.ts';
import { LATEST, parseReference, toFunctionArn } from '../registry/function-name.ts';
import type { FunctionRegistry } from '../registry/index.ts';
import { explainRefusal } from './explain-refusal.ts';
import { createFollowTrace, ROUND_IN_CIRCLES } from './follow-trace.ts';

export interface FunctionWayDeps {
  readonly registry: Pick<FunctionRegistry, 'ready' | 'resolve' | 'policyOf' | 'recursion'>;
  readonly enqueue: Enqueue;
  readonly takeTrace: TakeTrace;
  readonly authorizer: Pick<Authorizer, 'ready' | 'judge'>;
}

const MISSING = 'ResourceNotFoundException';
const FINAL: ReadonlySet<string> = new Set([MISSING, 'ValidationException']);

/** Queues an asynchronous event; the body is JSON. */
export async function deliverToFunction(
  deps: FunctionWayDeps,
  delivery: Delivery,
): Promise<DeliveryRefusal | undefined> {
  const { arn, sender, body } = delivery;
  const [, , , region = '', accountId = ''] = arn.split(':');
  const scope: Scope = { region, accountId };
  try {
    const { key, qualifier } = parseReference(scope, arn);
    await deps.registry.ready(scope, key.name);
    await deps.authorizer.ready();
    const target = deps.registry.resolve(scope, key.name, qualifier);
    const policy = deps.registry.policyOf(scope, arn);
    const resource = toFunctionArn(key, qualifier === LATEST ? undefined : qualifier);
    const wish = { action: 'lambda:InvokeFunction', resource };
    const refused = explainRefusal(deps.authorizer, sender, wish, policy);
    if (refused !== undefined) return { refused, code: 'NO_PERMISSIONS' };
    if (delivery.isTrial) return undefined;
    const event = Buffer.from(body);
    if (event.byteLength > ASYNC_REQUEST_BYTES)
      return { refused: `the event is longer than ${ASYNC_REQUEST_BYTES} bytes.` };
    const traceId = createFollowTrace(deps)(delivery.traceId, target);
    if (traceId === undefined) return { refused: ROUND_IN_CIRCLES };
    const receivedAt = Date.now();
    await deps.enqueue({
      ...{ requestId: randomUUID(), scope, functionName: key.name, event, receivedAt },
      ...(qualifier === undefined ? {} : { qualifier }),
      traceId,
    });
    return undefined;
  } catch (error) {
    // When there is no room now there may be some later.
    if (!(error instanceof LambdaError) || !FINAL.has(error.code)) throw error;
    return { refused: error.message, ...(error.code === MISSING ? { code: 'NO_RESOURCE' } : {}) };
  }
}
