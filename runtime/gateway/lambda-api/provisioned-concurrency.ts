import { Constraints } from '../../registry/constraints.ts';
import { toFunctionArn } from '../../registry/function-name.ts';
import type { FunctionRegistry } from '../../registry/function-registry.ts';
import type { ProvisionedStatus } from '../../registry/provisioned-concurrency.ts';
import { toLambdaTime } from './function-configuration.ts';
import { nameOf, qualifierOf } from './functions.ts';
import { parseMembers } from './members.ts';
import type { ApiRequest, ApiResponse, Operation } from './operation.ts';
import { parsePage, toPage } from './paging.ts';

const PATH = '/2019-09-30/functions/:FunctionName/provisioned-concurrency';

/** The operations on provisioned concurrency: isolates that are restored before anyone asks. */
export function provisionedConcurrencyOperations(registry: FunctionRegistry): readonly Operation[] {
  const { provisioned } = registry;
  return [
    {
      name: 'PutProvisionedConcurrencyConfig',
      method: 'PUT',
      path: PATH,
      handle: async (request) => {
        const requested = parseRequested(request);
        const status = await provisioned.put(request.scope, nameOf(request), qualifierOf(request), requested);
        return { status: 202, body: toConfig(status) };
      },
    },
    {
      name: 'GetProvisionedConcurrencyConfig',
      method: 'GET',
      path: PATH,
      action: ({ query }) =>
        query.get('List') === null ? 'GetProvisionedConcurrencyConfig' : 'ListProvisionedConcurrencyConfigs',
      handle: async (request) =>
        request.query.get('List') === null
          ? { status: 200, body: toConfig(provisioned.get(request.scope, nameOf(request), qualifierOf(request))) }
          : list(registry, request),
    },
    {
      name: 'DeleteProvisionedConcurrencyConfig',
      method: 'DELETE',
      path: PATH,
      handle: async (request) => {
        await provisioned.delete(request.scope, nameOf(request), qualifierOf(request));
        return { status: 204 };
      },
    },
  ];
}

/** ListProvisionedConcurrencyConfigs: Lambda gives it the path of Get, and `List=ALL`. */
function list({ provisioned }: FunctionRegistry, request: ApiRequest): ApiResponse {
  const page = parsePage(request.query);
  const rest = provisioned
    .list(request.scope, nameOf(request))
    .filter(({ qualifier }) => page.after === undefined || qualifier > page.after);
  const { items, marker } = toPage(rest, page, ({ qualifier }) => qualifier);
  const ProvisionedConcurrencyConfigs = items.map((status) => ({
    FunctionArn: toFunctionArn(status.key, status.qualifier),
    ...toConfig(status),
  }));
  return {
    status: 200,
    body: { ProvisionedConcurrencyConfigs, ...(marker === undefined ? {} : { NextMarker: marker }) },
  };
}

function parseRequested(request: ApiRequest): number {
  const requested = parseMembers(request).integer('ProvisionedConcurrentExecutions');
  const constraints = new Constraints();
  constraints.required('provisionedConcurrentExecutions', requested);
  constraints.range('provisionedConcurrentExecutions', requested, { min: 1, max: Number.MAX_SAFE_INTEGER });
  constraints.assertSatisfied();
  return requested ?? 0;
}

function toConfig({ attachment, status, reason, available }: ProvisionedStatus): Record<string, unknown> {
  return {
    RequestedProvisionedConcurrentExecutions: attachment.requested,
    AvailableProvisionedConcurrentExecutions: available,
    AllocatedProvisionedConcurrentExecutions: available,
    Status: status,
    ...(reason === undefined ? {} : { StatusReason: reason }),
    LastModified: toLambdaTime(attachment.modifiedAt),
  };
}
