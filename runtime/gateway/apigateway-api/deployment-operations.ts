import { createRestOperation, type RestOperation } from '../rest/rest-service.ts';
import { structure, TEXT } from '../service/shape.ts';
import { toPage } from './paging.ts';
import type { ApiOperationDeps } from './parts.ts';
import { PAGE } from './shapes.ts';
import { toDeploymentView } from './views.ts';

const ALL = '/v2/apis/:apiId/deployments';
const ONE = '/v2/apis/:apiId/deployments/:deploymentId';
const KEY = { apiId: TEXT, deploymentId: TEXT };

/** What stages without AutoDeploy serve. */
export function createDeploymentOperations({ apis }: Pick<ApiOperationDeps, 'apis'>): readonly RestOperation[] {
  const opened = async () => (await apis()).stages;
  return [
    createRestOperation({
      ...{ name: 'CreateDeployment', method: 'POST', path: ALL, status: 201 },
      input: structure({ apiId: TEXT, stageName: TEXT, description: TEXT }),
      handle: async ({ caller }, { apiId = '', ...input }) =>
        toDeploymentView(await (await opened()).deploy(caller.scope, apiId, input)),
    }),
    createRestOperation({
      ...{ name: 'GetDeployments', method: 'GET', path: ALL, status: 200 },
      input: structure({ ...PAGE, apiId: TEXT }),
      handle: async ({ caller }, { apiId = '', ...page }) =>
        toPage((await opened()).deployments(caller.scope, apiId), page, toDeploymentView),
    }),
    createRestOperation({
      ...{ name: 'GetDeployment', method: 'GET', path: ONE, status: 200 },
      input: structure(KEY),
      handle: async ({ caller }, { apiId = '', deploymentId = '' }) =>
        toDeploymentView((await opened()).deployment(caller.scope, apiId, deploymentId)),
    }),
    createRestOperation({
      ...{ name: 'DeleteDeployment', method: 'DELETE', path: ONE, status: 204 },
      input: structure(KEY),
      handle: async ({ caller }, { apiId = '', deploymentId = '' }) =>
        (await opened()).deleteDeployment(caller.scope, apiId, deploymentId),
    }),
  ];
}
