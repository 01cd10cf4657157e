import { createRestOperation, type RestOperation } from '../rest/rest-service.ts';
import { mapOf, structure, TEXT, WHOLE } from '../service/shape.ts';
import { toPage } from './paging.ts';
import type { ApiOperationDeps } from './parts.ts';
import { PAGE } from './shapes.ts';
import { toIntegrationView } from './views.ts';

const ALL = '/v2/apis/:apiId/integrations';
const ONE = '/v2/apis/:apiId/integrations/:integrationId';
const KEY = { apiId: TEXT, integrationId: TEXT };

const INTEGRATION_MEMBERS = {
  integrationType: TEXT,
  integrationUri: TEXT,
  integrationMethod: TEXT,
  integrationSubtype: TEXT,
  payloadFormatVersion: TEXT,
  timeoutInMillis: WHOLE,
  description: TEXT,
  credentialsArn: TEXT,
  connectionType: TEXT,
  connectionId: TEXT,
  contentHandlingStrategy: TEXT,
  passthroughBehavior: TEXT,
  templateSelectionExpression: TEXT,
  requestParameters: mapOf(TEXT, 'entry'),
  requestTemplates: mapOf(TEXT, 'entry'),
  responseParameters: mapOf(mapOf(TEXT, 'entry'), 'entry'),
  tlsConfig: structure({ serverNameToVerify: TEXT }),
};

/** Where routes lead. */
export function createIntegrationOperations({ apis }: Pick<ApiOperationDeps, 'apis'>): readonly RestOperation[] {
  const opened = async () => (await apis()).integrations;
  return [
    createRestOperation({
      ...{ name: 'CreateIntegration', method: 'POST', path: ALL, status: 201 },
      input: structure({ ...INTEGRATION_MEMBERS, apiId: TEXT }),
      handle: async ({ caller }, { apiId = '', ...input }) =>
        toIntegrationView(await (await opened()).create(caller.scope, apiId, input)),
    }),
    createRestOperation({
      ...{ name: 'GetIntegrations', method: 'GET', path: ALL, status: 200 },
      input: structure({ ...PAGE, apiId: TEXT }),
      handle: async ({ caller }, { apiId = '', ...page }) =>
        toPage((await opened()).list(caller.scope, apiId), page, toIntegrationView),
    }),
    createRestOperation({
      ...{ name: 'GetIntegration', method: 'GET', path: ONE, status: 200 },
      input: structure(KEY),
      handle: async ({ caller }, { apiId = '', integrationId: id = '' }) =>
        toIntegrationView((await opened()).get(caller.scope, apiId, id)),
    }),
    createRestOperation({
      ...{ name: 'UpdateIntegration', method: 'PATCH', path: ONE, status: 200 },
      input: structure({ ...INTEGRATION_MEMBERS, ...KEY }),
      handle: async ({ caller }, { apiId = '', integrationId: id = '', ...input }) =>
        toIntegrationView(await (await opened()).update(caller.scope, apiId, id, input)),
    }),
    createRestOperation({
      ...{ name: 'DeleteIntegration', method: 'DELETE', path: ONE, status: 204 },
      input: structure(KEY),
      handle: async ({ caller }, { apiId = '', integrationId: id = '' }) =>
        (await opened()).delete(caller.scope, apiId, id),
    }),
  ];
}
