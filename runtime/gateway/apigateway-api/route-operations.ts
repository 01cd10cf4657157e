import type { RestOperation } from '../rest/rest-service.ts';
import { FLAG, listOf, mapOf, structure, TEXT } from '../service/shape.ts';
import { createPartOperations } from './part-operations.ts';
import type { ApiOperationDeps } from './parts.ts';
import { toRouteView } from './views.ts';

const TEXTS = listOf(TEXT, 'member');
const MEMBERS = structure({
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
});

/** Which requests lead where. */
export function createRouteOperations({ apis }: Pick<ApiOperationDeps, 'apis'>): readonly RestOperation[] {
  const open = async () => (await apis()).routes;
  return createPartOperations({
    ...{ names: ['Route', 'Routes'], path: 'routes', id: 'routeId', members: MEMBERS },
    open,
    view: toRouteView,
  });
}
