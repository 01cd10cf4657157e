import { Constraints } from '../../registry/constraints.ts';
import type { FunctionRegistry } from '../../registry/function-registry.ts';
import type { RuntimeManagementConfig } from '../../registry/runtime-management.ts';
import { nameOf, qualifierOf } from './functions.ts';
import { parseMembers } from './members.ts';
import type { ApiRequest, Operation } from './operation.ts';

const PATH = '/2021-07-20/functions/:FunctionName/runtime-management-config';
const VERSION_ARN = /^arn:(aws[a-zA-Z-]*):lambda:[a-z]{2}(-[a-z]+)+-\d{1}::runtime:.+$/;
/** The pattern as Lambda prints it. */
const SHOWN = '^arn:(aws[a-zA-Z-]*):lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}::runtime:.+$';
const ARN_LENGTH = { min: 26, max: 2048 } as const;

/** The operations on when a function's runtime is updated. */
export function runtimeManagementOperations({ runtimeManagement }: FunctionRegistry): readonly Operation[] {
  return [
    {
      name: 'PutRuntimeManagementConfig',
      method: 'PUT',
      path: PATH,
      handle: async (request) => {
        const settings = parseSettings(request);
        const config = await runtimeManagement.put(request.scope, nameOf(request), qualifierOf(request), settings);
        return { status: 200, body: toBody(config) };
      },
    },
    {
      name: 'GetRuntimeManagementConfig',
      method: 'GET',
      path: PATH,
      handle: async (request) => ({
        status: 200,
        body: toBody(runtimeManagement.get(request.scope, nameOf(request), qualifierOf(request))),
      }),
    },
  ];
}

function parseSettings(request: ApiRequest): RuntimeManagementConfig['settings'] {
  const members = parseMembers(request);
  const constraints = new Constraints();
  const updates = members.text('UpdateRuntimeOn');
  const runtimeVersionArn = members.text('RuntimeVersionArn');
  constraints.required('updateRuntimeOn', updates);
  const updateRuntimeOn = constraints.oneOf('updateRuntimeOn', updates, ['Auto', 'Manual', 'FunctionUpdate']);
  constraints.length('runtimeVersionArn', runtimeVersionArn, ARN_LENGTH);
  constraints.matches('runtimeVersionArn', runtimeVersionArn, VERSION_ARN, SHOWN);
  constraints.assertSatisfied();
  return {
    updateRuntimeOn: updateRuntimeOn ?? 'Auto',
    ...(runtimeVersionArn === undefined ? {} : { runtimeVersionArn }),
  };
}

function toBody({ functionArn, settings }: RuntimeManagementConfig): Record<string, string> {
  const { updateRuntimeOn, runtimeVersionArn } = settings;
  return {
    UpdateRuntimeOn: updateRuntimeOn,
    FunctionArn: functionArn,
    ...(runtimeVersionArn === undefined ? {} : { RuntimeVersionArn: runtimeVersionArn }),
  };
}
