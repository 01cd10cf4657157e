import { LambdaError } from '../../contract/errors.ts';
import type { Operation } from './operation.ts';

const CODE_SIGNING = '/2020-04-22/code-signing-configs';
const FUNCTION_CODE_SIGNING = '/2020-06-30/functions/:FunctionName/code-signing-config';
const CAPACITY_PROVIDERS = '/2025-11-30/capacity-providers';
const SCALING = '/2025-11-30/functions/:FunctionName/function-scaling-config';
const EXECUTION = '/2025-12-01/durable-executions/:DurableExecutionArn';
const CALLBACK = '/2025-12-01/durable-execution-callbacks/:CallbackId';

type Row = readonly [name: string, method: Operation['method'], path: string];

/** What Isola has nothing of, by feature. */
const ABSENT: readonly (readonly [feature: string, rows: readonly Row[]])[] = [
  [
    'code signing',
    [
      ['CreateCodeSigningConfig', 'POST', CODE_SIGNING],
      ['ListCodeSigningConfigs', 'GET', CODE_SIGNING],
      ['GetCodeSigningConfig', 'GET', `${CODE_SIGNING}/:CodeSigningConfigArn`],
      ['UpdateCodeSigningConfig', 'PUT', `${CODE_SIGNING}/:CodeSigningConfigArn`],
      ['DeleteCodeSigningConfig', 'DELETE', `${CODE_SIGNING}/:CodeSigningConfigArn`],
      ['ListFunctionsByCodeSigningConfig', 'GET', `${CODE_SIGNING}/:CodeSigningConfigArn/functions`],
      ['PutFunctionCodeSigningConfig', 'PUT', FUNCTION_CODE_SIGNING],
      ['DeleteFunctionCodeSigningConfig', 'DELETE', FUNCTION_CODE_SIGNING],
    ],
  ],
  [
    'capacity providers',
    [
      ['CreateCapacityProvider', 'POST', CAPACITY_PROVIDERS],
      ['ListCapacityProviders', 'GET', CAPACITY_PROVIDERS],
      ['GetCapacityProvider', 'GET', `${CAPACITY_PROVIDERS}/:CapacityProviderName`],
      ['UpdateCapacityProvider', 'PUT', `${CAPACITY_PROVIDERS}/:CapacityProviderName`],
      ['DeleteCapacityProvider', 'DELETE', `${CAPACITY_PROVIDERS}/:CapacityProviderName`],
      [
        'ListFunctionVersionsByCapacityProvider',
        'GET',
        `${CAPACITY_PROVIDERS}/:CapacityProviderName/function-versions`,
      ],
      ['GetFunctionScalingConfig', 'GET', SCALING],
      ['PutFunctionScalingConfig', 'PUT', SCALING],
    ],
  ],
  [
    'durable executions',
    [
      ['ListDurableExecutionsByFunction', 'GET', '/2025-12-01/functions/:FunctionName/durable-executions'],
      ['GetDurableExecution', 'GET', EXECUTION],
      ['GetDurableExecutionHistory', 'GET', `${EXECUTION}/history`],
      ['GetDurableExecutionState', 'GET', `${EXECUTION}/state`],
      ['CheckpointDurableExecution', 'POST', `${EXECUTION}/checkpoint`],
      ['StopDurableExecution', 'POST', `${EXECUTION}/stop`],
      ['SendDurableExecutionCallbackSuccess', 'POST', `${CALLBACK}/succeed`],
      ['SendDurableExecutionCallbackFailure', 'POST', `${CALLBACK}/fail`],
      ['SendDurableExecutionCallbackHeartbeat', 'POST', `${CALLBACK}/heartbeat`],
    ],
  ],
];

/** Lambda's operations that have nothing to act on here: each answers an error that its clients know. */
export function absentOperations(): readonly Operation[] {
  return ABSENT.flatMap(([feature, rows]) =>
    rows.map(([name, method, path]) => ({
      ...{ name, method, path },
      handle: async () => {
        throw new LambdaError('InvalidParameterValueException', `${name} is not supported: Isola has no ${feature}.`);
      },
    })),
  );
}
