import { createRestOperation, type RestOperation } from '../rest/rest-service.ts';
import { DECIMAL, FLAG, mapOf, structure, TEXT, WHOLE } from '../service/shape.ts';
import { toPage } from './paging.ts';
import type { ApiOperationDeps } from './parts.ts';
import { PAGE, TAGS } from './shapes.ts';
import { toStageView } from './views.ts';

const ALL = '/v2/apis/:apiId/stages';
const ONE = '/v2/apis/:apiId/stages/:stageName';
const KEY = { apiId: TEXT, stageName: TEXT };

const ROUTE_SETTINGS = structure({
  throttlingBurstLimit: WHOLE,
  throttlingRateLimit: DECIMAL,
  detailedMetricsEnabled: FLAG,
  dataTraceEnabled: FLAG,
  loggingLevel: TEXT,
});
const STAGE_MEMBERS = {
  autoDeploy: FLAG,
  deploymentId: TEXT,
  description: TEXT,
  stageVariables: mapOf(TEXT, 'entry'),
  defaultRouteSettings: ROUTE_SETTINGS,
  routeSettings: mapOf(ROUTE_SETTINGS, 'entry'),
  clientCertificateId: TEXT,
  accessLogSettings: structure({ destinationArn: TEXT, format: TEXT }),
};

/** What APIs are served by. */
export function createStageOperations({ apis }: Pick<ApiOperationDeps, 'apis'>): readonly RestOperation[] {
  const opened = async () => (await apis()).stages;
  return [
    createRestOperation({
      ...{ name: 'CreateStage', method: 'POST', path: ALL, status: 201 },
      input: structure({ ...STAGE_MEMBERS, ...KEY, tags: TAGS }),
      handle: async ({ caller }, { apiId = '', ...input }) =>
        toStageView(await (await opened()).create(caller.scope, apiId, input)),
    }),
    createRestOperation({
      ...{ name: 'GetStages', method: 'GET', path: ALL, status: 200 },
      input: structure({ ...PAGE, apiId: TEXT }),
      handle: async ({ caller }, { apiId = '', ...page }) =>
        toPage((await opened()).list(caller.scope, apiId), page, toStageView),
    }),
    createRestOperation({
      ...{ name: 'GetStage', method: 'GET', path: ONE, status: 200 },
      input: structure(KEY),
      handle: async ({ caller }, { apiId = '', stageName = '' }) =>
        toStageView((await opened()).get(caller.scope, apiId, stageName)),
    }),
    createRestOperation({
      ...{ name: 'UpdateStage', method: 'PATCH', path: ONE, status: 200 },
      input: structure({ ...STAGE_MEMBERS, ...KEY }),
      handle: async ({ caller }, { apiId = '', stageName = '', ...input }) =>
        toStageView(await (await opened()).update(caller.scope, apiId, stageName, input)),
    }),
    createRestOperation({
      ...{ name: 'DeleteStage', method: 'DELETE', path: ONE, status: 204 },
      input: structure(KEY),
      handle: async ({ caller }, { apiId = '', stageName = '' }) =>
        (await opened()).delete(caller.scope, apiId, stageName),
    }),
    createRestOperation({
      ...{ name: 'DeleteRouteSettings', method: 'DELETE', path: `${ONE}/routesettings/:routeKey`, status: 204 },
      input: structure({ ...KEY, routeKey: TEXT }),
      handle: async ({ caller }, { apiId = '', stageName = '', routeKey = '' }) =>
        (await opened()).deleteRouteSettings(caller.scope, apiId, stageName, routeKey),
    }),
  ];
}
