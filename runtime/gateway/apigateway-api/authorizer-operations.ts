import { createRestOperation, type RestOperation } from '../rest/rest-service.ts';
import { FLAG, listOf, structure, TEXT, WHOLE } from '../service/shape.ts';
import { createPartOperations } from './part-operations.ts';
import type { ApiOperationDeps } from './parts.ts';
import { toAuthorizerView } from './views.ts';

const TEXTS = listOf(TEXT, 'member');
const CACHE = '/v2/apis/:apiId/stages/:stageName/cache/authorizers';
const MEMBERS = structure({
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
});

/** Who decides over callers. */
export function createAuthorizerOperations({ apis }: Pick<ApiOperationDeps, 'apis'>): readonly RestOperation[] {
  const open = async () => (await apis()).authorizers;
  return [
    ...createPartOperations({
      ...{ names: ['Authorizer', 'Authorizers'], path: 'authorizers', id: 'authorizerId', members: MEMBERS },
      open,
      view: toAuthorizerView,
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
