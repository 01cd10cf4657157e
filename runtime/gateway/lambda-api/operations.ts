import type { Enqueue } from '../../contract/async-invocation.ts';
import type { ObjectSource } from '../../contract/object-source.ts';
import type { FunctionRegistry } from '../../registry/function-registry.ts';
import { absentOperations } from './absent-features.ts';
import { accountOperations } from './account.ts';
import { aliasOperations } from './aliases.ts';
import { eventInvokeOperations } from './event-invoke-configs.ts';
import { eventSourceOperations } from './event-source-mappings.ts';
import { functionUrlOperations } from './function-url-configs.ts';
import { functionOperations } from './functions.ts';
import { invokeAsyncOperations } from './invoke-async.ts';
import { layerPermissionOperations } from './layer-permissions.ts';
import { layerOperations } from './layers.ts';
import type { Operation } from './operation.ts';
import { packageOperations } from './package-download.ts';
import { policyOperations } from './policies.ts';
import { provisionedConcurrencyOperations } from './provisioned-concurrency.ts';
import { recursionOperations } from './recursion.ts';
import { reservedConcurrencyOperations } from './reserved-concurrency.ts';
import { resourcePolicyOperations } from './resource-policies.ts';
import { runtimeManagementOperations } from './runtime-management.ts';
import { tagOperations } from './tags.ts';
import { type UsageDeps, usageOperations } from './usage.ts';
import { versionOperations } from './versions.ts';

/** Every operation of the API but Invoke, which has a way of its own. */
export function createOperations(
  registry: FunctionRegistry,
  enqueue: Enqueue,
  usage: UsageDeps,
  objects?: ObjectSource,
): readonly Operation[] {
  return [
    ...functionOperations(registry, objects),
    ...invokeAsyncOperations(registry, enqueue),
    ...versionOperations(registry),
    ...aliasOperations(registry),
    ...functionUrlOperations(registry),
    ...policyOperations(registry),
    ...resourcePolicyOperations(registry),
    ...reservedConcurrencyOperations(registry),
    ...provisionedConcurrencyOperations(registry),
    ...eventInvokeOperations(registry),
    ...runtimeManagementOperations(registry),
    ...recursionOperations(registry),
    ...layerOperations(registry, objects),
    ...layerPermissionOperations(registry),
    ...eventSourceOperations(registry),
    ...tagOperations(registry),
    ...accountOperations(registry),
    ...packageOperations(registry),
    ...usageOperations(usage),
    ...absentOperations(),
  ];
}
