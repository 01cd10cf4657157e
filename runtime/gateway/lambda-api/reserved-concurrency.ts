import { Constraints } from '../../registry/constraints.ts';
import type { FunctionRegistry } from '../../registry/function-registry.ts';
import { nameOf } from './functions.ts';
import { parseMembers } from './members.ts';
import type { ApiRequest, Operation } from './operation.ts';

const PUT_PATH = '/2017-10-31/functions/:FunctionName/concurrency';
const GET_PATH = '/2019-09-30/functions/:FunctionName/concurrency';

/** The operations on reserved concurrency. */
export function reservedConcurrencyOperations({ reserved }: FunctionRegistry): readonly Operation[] {
  return [
    {
      name: 'PutFunctionConcurrency',
      method: 'PUT',
      path: PUT_PATH,
      handle: async (request) => {
        const count = parseReserved(request);
        await reserved.put(request.scope, nameOf(request), count);
        return { status: 200, body: toConcurrency(count) };
      },
    },
    {
      name: 'GetFunctionConcurrency',
      method: 'GET',
      path: GET_PATH,
      handle: async (request) => ({
        status: 200,
        body: toConcurrency(reserved.get(request.scope, nameOf(request))),
      }),
    },
    {
      name: 'DeleteFunctionConcurrency',
      method: 'DELETE',
      path: PUT_PATH,
      handle: async (request) => {
        await reserved.delete(request.scope, nameOf(request));
        return { status: 204 };
      },
    },
  ];
}

/** Empty without a reservation, as on AWS. */
function toConcurrency(reserved: number | undefined): Record<string, number> {
  return reserved === undefined ? {} : { ReservedConcurrentExecutions: reserved };
}

function parseReserved(request: ApiRequest): number {
  const reserved = parseMembers(request).integer('ReservedConcurrentExecutions');
  const constraints = new Constraints();
  constraints.required('reservedConcurrentExecutions', reserved);
  constraints.range('reservedConcurrentExecutions', reserved, { min: 0, max: Number.MAX_SAFE_INTEGER });
  constraints.assertSatisfied();
  return reserved ?? 0;
}
