import { UNZIPPED_BYTES, ZIP_BYTES } from '../../contract/limits.ts';
import type { FunctionRegistry } from '../../registry/function-registry.ts';
import { nameOf } from './functions.ts';
import type { Operation } from './operation.ts';

/** Lambda's code storage per region, which is the disk's affair here. */
const CODE_STORAGE_BYTES = 80_530_636_800;

/** What clients read of an account, and of features that a function does not use. */
export function accountOperations(registry: FunctionRegistry): readonly Operation[] {
  return [
    {
      name: 'GetAccountSettings',
      method: 'GET',
      path: '/2016-08-19/account-settings',
      handle: async ({ scope }) => {
        const functions = await registry.list(scope, { limit: Number.POSITIVE_INFINITY });
        const versions = functions.flatMap(({ latest, published }) => [latest, ...published.values()]);
        const codeBytes = versions.reduce((sum, { record }) => sum + record.code.packageBytes, 0);
        const layerBytes = await registry.layers.packageBytes(scope);
        return {
          status: 200,
          body: {
            AccountLimit: {
              TotalCodeSize: CODE_STORAGE_BYTES,
              CodeSizeUnzipped: UNZIPPED_BYTES,
              CodeSizeZipped: ZIP_BYTES,
              ConcurrentExecutions: registry.reserved.accountLimit,
              UnreservedConcurrentExecutions: registry.reserved.unreserved(scope),
            },
            AccountUsage: {
              TotalCodeSize: codeBytes + layerBytes,
              FunctionCount: functions.length,
            },
          },
        };
      },
    },
    {
      name: 'GetFunctionCodeSigningConfig',
      method: 'GET',
      path: '/2020-06-30/functions/:FunctionName/code-signing-config',
      handle: async (request) => {
        const { name } = await registry.get(request.scope, nameOf(request));
        return { status: 200, body: { CodeSigningConfigArn: '', FunctionName: name } };
      },
    },
  ];
}
