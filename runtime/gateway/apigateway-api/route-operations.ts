import { createRestOperation, type RestOperation } from '../rest/rest-service.ts';
import { FLAG, listOf, mapOf, structure, TEXT } from '../service/shape.ts';
import { toPage } from './paging.ts';
import type { ApiOperationDeps } from './parts.ts';
import { PAGE } from './shapes.ts';
import { toRouteView } from './views.ts';

const ALL = '/v2/apis/:apiId/routes';
const ONE = '/v2/apis/:apiId/routes/:routeId';
const KEY = { apiId: TEXT, routeId: TEXT };

const TEXTS = listOf(TEXT, 'member');
const ROUTE_MEMBERS = {
  routeKey: TEXT,
  target: TEXT,
  authorizationType: TEXT,
  authorizerId: TEXT,
  authorizationScopes: TEXTS,
  operationName: TEXT,
  apiKeyRequired: FLAG,
  modelSelectionExpression: TEXT,
  requestModels: mapOf(TEXT, 'entry'),
  requestParameters: mapOf(structure({ required: FLAG }), 'entry'),
  routeResponseSelectionExpression: TEXT,
};

/** Which requests lead where. */
export function createRouteOperations({ apis }: Pick<ApiOperationDeps, 'apis'>): readonly RestOperation[] {
  const opened = async () => (await apis()).routes;
  return [
    createRestOperation({
      ...{ name: 'CreateRoute', method: 'POST', path: ALL, status: 201 },
      input: structure({ ...ROUTE_MEMBERS, apiId: TEXT }),
      handle: async ({ caller }, { apiId = '', ...input }) =>
        toRouteView(await (await opened()).create(caller.scope, apiId, input)),
    }),
    createRestOperation({
      ...{ name: 'GetRoutes', method: 'GET', path: ALL, status: 200 },
      input: structure({ ...PAGE, apiId: TEXT }),
      handle: async ({ caller }, { apiId = '', ...page }) =>
        toPage((await opened()).list(caller.scope, apiId), page, toRouteView),
    }),
    createRestOperation({
      ...{ name: 'GetRoute', method: 'GET', path: ONE, status: 200 },
      input: structure(KEY),
      handle: async ({ caller }, { apiId = '', routeId: id = '' }) =>
        toRouteView((await opened()).get(caller.scope, apiId, id)),
    }),
    createRestOperation({
      ...{ name: 'UpdateRoute', method: 'PATCH', path: ONE, status: 200 },
      input: structure({ ...ROUTE_MEMBERS, ...KEY }),
      handle: async ({ caller }, { apiId = '', routeId: id = '', ...input }) =>
        toRouteView(await (await opened()).update(caller.scope, apiId, id, input)),
    }),
    createRestOperation({
      ...{ name: 'DeleteRoute', method: 'DELETE', path: ONE, status: 204 },
      input: structure(KEY),
      handle: async ({ caller }, { apiId = '', routeId: id = '' }) => (await opened()).delete(caller.scope, apiId, id),
    }),
  ];
}
