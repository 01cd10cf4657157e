import { type ServeHostCall, toHostError } from '../contract/host-call.ts';
import { StorageError } from '../contract/storage-error.ts';
import { CallError } from './call-error.ts';
import { toCaller } from './caller.ts';
import type { Capabilities } from './capability.ts';
import { parseHead } from './head.ts';

export { CallError } from './call-error.ts';
export { createFetch } from './fetch/fetch.ts';
export { Grants } from './grants.ts';
export { createInvoke, type InvokeDeps } from './invoke/invoke.ts';
export { readLineage, withoutLineage } from './invoke/lineage.ts';
export { createKv } from './kv/kv.ts';
export { createQueue, type GuestMessage, type GuestQueues } from './queue/queue.ts';
export { createS3, type GuestObject, type GuestObjects, type GuestOrigin } from './s3/s3.ts';

/** Serves guests' calls; every failure is an answer. What fails without a reason of its own is ours, and `failed` is told. */
export function createHostCalls(capabilities: Capabilities, failed: (error: Error) => void): ServeHostCall {
  return async ({ head: bytes, ...call }) => {
    try {
      const head = parseHead(bytes);
      const op = head.text('op');
      const capability = Object.hasOwn(capabilities, op) ? capabilities[op] : undefined;
      if (!capability) throw new CallError('InvalidRequest', `There is no operation "${op.slice(0, 64)}".`);
      return await capability({ ...call, head, caller: toCaller(call.invocation.target) });
    } catch (error) {
      if (error instanceof CallError) return toHostError(error.type, error.message);
      failed(error instanceof Error ? error : new Error(String(error)));
      const isStorage = error instanceof StorageError;
      return toHostError('ServiceFailure', isStorage ? error.message : 'The platform failed under this call.');
    }
  };
}
