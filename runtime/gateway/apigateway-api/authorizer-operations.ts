import { createRestOperation, type RestOperation } from '../rest/rest-service.ts';
import { FLAG, listOf, structure, TEXT, WHOLE } from '../service/shape.ts';
import { toPage } from './paging.ts';
import type { ApiOperationDeps } from './parts.ts';
import { PAGE } from './shapes.ts';
import { toAuthorizerView } from './views.ts';

const ALL = '/v2/apis/:apiId/authorizers';
const ONE = '/v2/apis/:apiId/authorizers/:authorizerId';
const CACHE = '/v2/apis/:apiId/stages/:stageName/cache/authorizers';
const KEY = { apiId: TEXT, authorizerId: TEXT };

const TEXTS = listOf(TEXT, 'member');
const AUTHORIZER_MEMBERS = {
  authorizerType: TEXT,
  name: TEXT,
  identitySource: TEXTS,
  identityValidationExpression: TEXT,
  jwtConfiguration: structure({ issuer: TEXT, audience: TEXTS }),
  authorizerUri: TEXT,
  authorizerPayloadFormatVersion: TEXT,
  authorizerResultTtlInSeconds: WHOLE,
  authorizerCredentialsArn: TEXT,
  enableSimpleResponses: FLAG,
};

/** Who decides over callers. */
export function createAuthorizerOperations({ apis }: Pick<ApiOperationDeps, 'apis'>): readonly RestOperation[] {
  const opened = async () => (await apis()).authorizers;
  return [
    createRestOperation({
      ...{ name: 'CreateAuthorizer', method: 'POST', path: ALL, status: 201 },
      input: structure({ ...AUTHORIZER_MEMBERS, apiId: TEXT }),
      handle: async ({ caller }, { apiId = '', ...input }) =>
        toAuthorizerView(await (await opened()).create(caller.scope, apiId, input)),
    }),
    createRestOperation({
      ...{ name: 'GetAuthorizers', method: 'GET', path: ALL, status: 200 },
      input: structure({ ...PAGE, apiId: TEXT }),
      handle: async ({ caller }, { apiId = '', ...page }) =>
        toPage((await opened()).list(caller.scope, apiId), page, toAuthorizerView),
    }),
    createRestOperation({
      ...{ name: 'GetAuthorizer', method: 'GET', path: ONE, status: 200 },
      input: structure(KEY),
      handle: async ({ caller }, { apiId = '', authorizerId: id = '' }) =>
        toAuthorizerView((await opened()).get(caller.scope, apiId, id)),
    }),
    createRestOperation({
      ...{ name: 'UpdateAuthorizer', method: 'PATCH', path: ONE, status: 200 },
      input: structure({ ...AUTHORIZER_MEMBERS, ...KEY }),
      handle: async ({ caller }, { apiId = '', authorizerId: id = '', ...input }) =>
        toAuthorizerView(await (await opened()).update(caller.scope, apiId, id, input)),
    }),
    createRestOperation({
      ...{ name: 'DeleteAuthorizer', method: 'DELETE', path: ONE, status: 204 },
      input: structure(KEY),
      handle: async ({ caller }, { apiId = '', authorizerId: id = '' }) =>
        (await opened()).delete(caller.scope, apiId, id),
    }),
    createRestOperation({
      ...{ name: 'ResetAuthorizersCache', method: 'DELETE', path: CACHE, status: 204 },
      input: structure({ apiId: TEXT, stageName: TEXT }),
      async handle({ caller }, { apiId = '', stageName = '' }) {
        const part = await apis();
        part.stages.get(caller.scope, apiId, stageName);
        part.results.forget();
      },
    }),
  ];
}
