import type { FunctionRegistry } from '../../registry/function-registry.ts';
import { absentOperations } from './absent-features.ts';
import { accountOperations } from './account.ts';
import { aliasOperations } from './aliases.ts';
import { functionUrlOperations } from './function-url-configs.ts';
import { functionOperations } from './functions.ts';
import type { Operation } from './operation.ts';
import { packageOperations } from './package-download.ts';
import { provisionedConcurrencyOperations } from './provisioned-concurrency.ts';
import { tagOperations } from './tags.ts';
import { versionOperations } from './versions.ts';

/** Every operation of the API but Invoke, which has a way of its own. */
export function createOperations(registry: FunctionRegistry): readonly Operation[] {
  return [
    ...functionOperations(registry),
    ...versionOperations(registry),
    ...aliasOperations(registry),
    ...functionUrlOperations(registry),
    ...provisionedConcurrencyOperations(registry),
    ...tagOperations(registry),
    ...accountOperations(registry),
    ...packageOperations(registry),
    ...absentOperations(),
  ];
}
