import { createRestOperation, type RestOperation } from '../rest/rest-service.ts';
import { FLAG, listOf, structure, TEXT, WHOLE } from '../service/shape.ts';
import { toPage } from './paging.ts';
import type { ApiOperationDeps } from './parts.ts';
import { PAGE, TAGS } from './shapes.ts';
import { toApiView } from './views.ts';

const APIS = '/v2/apis';
const API = '/v2/apis/:apiId';

const TEXTS = listOf(TEXT, 'member');
const API_MEMBERS = {
  name: TEXT,
  protocolType: TEXT,
  description: TEXT,
  version: TEXT,
  corsConfiguration: structure({
    allowCredentials: FLAG,
    allowHeaders: TEXTS,
    allowMethods: TEXTS,
    allowOrigins: TEXTS,
    exposeHeaders: TEXTS,
    maxAge: WHOLE,
  }),
  disableExecuteApiEndpoint: FLAG,
  disableSchemaValidation: FLAG,
  apiKeySelectionExpression: TEXT,
  routeSelectionExpression: TEXT,
  ipAddressType: TEXT,
  target: TEXT,
  routeKey: TEXT,
  credentialsArn: TEXT,
};

/** The APIs themselves. */
export function createApiOperations({ apis, port }: ApiOperationDeps): readonly RestOperation[] {
  return [
    createRestOperation({
      ...{ name: 'CreateApi', method: 'POST', path: APIS, status: 201 },
      input: structure({ ...API_MEMBERS, tags: TAGS }),
      handle: async ({ caller }, input) => toApiView(await (await apis()).apis.create(caller.scope, input), port),
    }),
    createRestOperation({
      ...{ name: 'GetApis', method: 'GET', path: APIS, status: 200 },
      input: structure(PAGE),
      handle: async ({ caller }, page) =>
        toPage((await apis()).apis.list(caller.scope), page, (api) => toApiView(api, port)),
    }),
    createRestOperation({
      ...{ name: 'GetApi', method: 'GET', path: API, status: 200 },
      input: structure({ apiId: TEXT }),
      handle: async ({ caller }, { apiId = '' }) => toApiView((await apis()).apis.get(caller.scope, apiId), port),
    }),
    createRestOperation({
      ...{ name: 'UpdateApi', method: 'PATCH', path: API, status: 200 },
      input: structure({ ...API_MEMBERS, apiId: TEXT }),
      handle: async ({ caller }, { apiId = '', ...input }) =>
        toApiView(await (await apis()).apis.update(caller.scope, apiId, input), port),
    }),
    createRestOperation({
      ...{ name: 'DeleteApi', method: 'DELETE', path: API, status: 204 },
      input: structure({ apiId: TEXT }),
      handle: async ({ caller }, { apiId = '' }) => (await apis()).apis.delete(caller.scope, apiId),
    }),
    createRestOperation({
      ...{ name: 'DeleteCorsConfiguration', method: 'DELETE', path: `${API}/cors`, status: 204 },
      input: structure({ apiId: TEXT }),
      async handle({ caller }, { apiId = '' }) {
        await (await apis()).apis.change(caller.scope, apiId, ({ corsConfiguration, ...api }) => api);
      },
    }),
  ];
}
