import type { FunctionRegistry } from '../../registry/function-registry.ts';
import { layerOf, parseLayerPermission, versionOf } from './layer-input.ts';
import type { Operation } from './operation.ts';

const POLICY = '/2018-10-31/layers/:LayerName/versions/:VersionNumber/policy';

/** The operations on who may use a layer version. */
export function layerPermissionOperations({ layerPermissions }: FunctionRegistry): readonly Operation[] {
  return [
    {
      name: 'AddLayerVersionPermission',
      method: 'POST',
      path: POLICY,
      handle: async (request) => {
        const input = parseLayerPermission(request);
        const { scope } = request;
        const added = await layerPermissions.add(scope, layerOf(request), versionOf(request), input);
        return { status: 201, body: { Statement: JSON.stringify(added.statement), RevisionId: added.revisionId } };
      },
    },
    {
      name: 'GetLayerVersionPolicy',
      method: 'GET',
      path: POLICY,
      handle: async (request) => {
        const policy = await layerPermissions.get(request.scope, layerOf(request), versionOf(request));
        const document = { Version: '2012-10-17', Id: 'default', Statement: policy.statements };
        return { status: 200, body: { Policy: JSON.stringify(document), RevisionId: policy.revisionId } };
      },
    },
    {
      name: 'RemoveLayerVersionPermission',
      method: 'DELETE',
      path: `${POLICY}/:StatementId`,
      handle: async (request) => {
        const { StatementId: sid = '' } = request.params;
        const revisionId = request.query.get('RevisionId') ?? undefined;
        const { scope } = request;
        await layerPermissions.remove(scope, layerOf(request), versionOf(request), sid, revisionId);
        return { status: 204 };
      },
    },
  ];
}
