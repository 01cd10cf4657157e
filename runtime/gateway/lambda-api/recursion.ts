import { Constraints } from '../../registry/constraints.ts';
import type { FunctionRegistry } from '../../registry/function-registry.ts';
import type { RecursiveLoop } from '../../registry/recursion.ts';
import { nameOf } from './functions.ts';
import { parseMembers } from './members.ts';
import type { ApiRequest, Operation } from './operation.ts';

const PATH = '/2024-08-31/functions/:FunctionName/recursion-config';

/** The operations on what happens to functions that invoke themselves in a circle. */
export function recursionOperations({ recursion }: FunctionRegistry): readonly Operation[] {
  return [
    {
      name: 'PutFunctionRecursionConfig',
      method: 'PUT',
      path: PATH,
      handle: async (request) => {
        const RecursiveLoop = parseLoop(request);
        await recursion.put(request.scope, nameOf(request), RecursiveLoop);
        return { status: 200, body: { RecursiveLoop } };
      },
    },
    {
      name: 'GetFunctionRecursionConfig',
      method: 'GET',
      path: PATH,
      handle: async (request) => ({
        status: 200,
        body: { RecursiveLoop: recursion.get(request.scope, nameOf(request)) },
      }),
    },
  ];
}

function parseLoop(request: ApiRequest): RecursiveLoop {
  const given = parseMembers(request).text('RecursiveLoop');
  const constraints = new Constraints();
  constraints.required('recursiveLoop', given);
  const loop = constraints.oneOf('recursiveLoop', given, ['Allow', 'Terminate']);
  constraints.assertSatisfied();
  return loop ?? 'Terminate';
}
