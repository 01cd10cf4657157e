import type { Buckets } from '../buckets/index.ts';
import {
  createFetch,
  createHostCalls,
  createInvoke,
  createKv,
  createQueue,
  createS3,
  Grants,
} from '../capabilities/index.ts';
import type { Enqueue } from '../contract/async-invocation.ts';
import type { Authorizer } from '../contract/authorizer.ts';
import type { ServeHostCall } from '../contract/host-call.ts';
import type { Invoker } from '../contract/invoker.ts';
import { KV_ACCOUNT_BYTES, KV_NAMESPACE_BYTES } from '../contract/limits.ts';
import type { Observer } from '../contract/observer.ts';
import { parseEvent } from '../gateway/lambda-api/invoke-request.ts';
import { toInvokeResult } from '../gateway/lambda-api/outcome-response.ts';
import type { Queues } from '../queues/index.ts';
import { parseReference, toFunctionArn } from '../registry/function-name.ts';
import type { FunctionRegistry } from '../registry/index.ts';
import { SqliteKvStore, type Storage } from '../store/index.ts';

export interface GuestCallDeps {
  readonly authorizer: Pick<Authorizer, 'ready' | 'judge'>;
  readonly storage: Storage;
  readonly registry: FunctionRegistry;
  readonly queues: () => Promise<Queues>;
  readonly buckets: () => Promise<Buckets>;
  readonly invoke: Invoker;
  readonly enqueue: Enqueue;
  readonly observer: Observer;
}

/** What guests may ask for, made of the parts of the house that do it. */
export function createGuestCalls({
  authorizer,
  storage,
  registry,
  queues,
  buckets,
  invoke,
  enqueue,
  observer,
}: GuestCallDeps): ServeHostCall {
  const grants = new Grants(authorizer);
  const limits = { namespaceBytes: KV_NAMESPACE_BYTES, accountBytes: KV_ACCOUNT_BYTES };
  return createHostCalls(
    {
      ...createKv(new SqliteKvStore(storage, limits), grants),
      ...createFetch(grants),
      ...createQueue({
        grants,
        async queues() {
          const { createGuestQueues } = await import('./guest-queues.ts');
          return createGuestQueues(await queues());
        },
      }),
      ...createS3({
        grants,
        async objects() {
          const { createGuestObjects } = await import('./guest-objects.ts');
          return createGuestObjects(await buckets());
        },
      }),
      ...createInvoke({
        ...{ grants, invoke, enqueue, parseEvent, toResult: toInvokeResult, clock: Date.now },
        parseName(scope, name, given) {
          const { key, qualifier } = parseReference(scope, name, given);
          return {
            arn: toFunctionArn(key, qualifier),
            name: key.name,
            ...(qualifier === undefined ? {} : { qualifier }),
          };
        },
        async resolve(scope, name, qualifier) {
          await registry.ready(scope, name);
          return registry.resolve(scope, name, qualifier);
        },
        mayLoop: (scope, name) => registry.recursion.get(scope, name) === 'Allow',
      }),
    },
    (error) => observer.noticed('error', `A host call failed: ${error.message}`),
  );
}
