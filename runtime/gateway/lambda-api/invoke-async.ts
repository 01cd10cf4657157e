import type { Enqueue } from '../../contract/async-invocation.ts';
import { ASYNC_REQUEST_BYTES } from '../../contract/limits.ts';
import type { FunctionRegistry } from '../../registry/function-registry.ts';
import { nameOf } from './functions.ts';
import { toQualifier } from './invoke.ts';
import { eventTooLarge, parseEvent } from './invoke-request.ts';
import type { Operation } from './operation.ts';

/** InvokeAsync, from before Invoke had types: an event for later. */
export function invokeAsyncOperations(registry: FunctionRegistry, enqueue: Enqueue): readonly Operation[] {
  return [
    {
      name: 'InvokeAsync',
      method: 'POST',
      path: '/2014-11-13/functions/:FunctionName/invoke-async',
      handle: async (request) => {
        const receivedAt = Date.now();
        const { scope, requestId, body } = request;
        const target = registry.resolve(scope, nameOf(request));
        const event = parseEvent(body);
        if (body.byteLength > ASYNC_REQUEST_BYTES) throw eventTooLarge(body.byteLength);
        const traceId = request.traceId();
        await enqueue({
          ...{ requestId, scope, functionName: target.name, event, receivedAt, traceId },
          ...toQualifier(nameOf(request)),
        });
        return { status: 202 };
      },
    },
  ];
}
