import { API_ERRORS, ApiError } from '../../apis/index.ts';
import { MIB } from '../../contract/limits.ts';
import type { Wish } from '../auth/access.ts';
import type { RestService } from '../rest/rest-service.ts';
import { createApiOperations } from './api-operations.ts';
import { createAuthorizerOperations } from './authorizer-operations.ts';
import { createDeploymentOperations } from './deployment-operations.ts';
import { createIntegrationOperations } from './integration-operations.ts';
import type { ApiOperationDeps } from './parts.ts';
import { createRouteOperations } from './route-operations.ts';
import { createStageOperations } from './stage-operations.ts';
import { createTagOperations } from './tag-operations.ts';

/** API Gateway's second version, as far as HTTP APIs that lead to functions go. */
export function createApiGateway(deps: ApiOperationDeps): RestService {
  return {
    name: 'apigateway',
    bodyBytes: MIB,
    operations: [
      ...createApiOperations(deps),
      ...createRouteOperations(deps),
      ...createIntegrationOperations(deps),
      ...createAuthorizerOperations(deps),
      ...createStageOperations(deps),
      ...createDeploymentOperations(deps),
      ...createTagOperations(deps),
    ],
    toWish: ({ method, path, region, input }) => [
      { action: `apigateway:${method}`, resource: `arn:aws:apigateway:${region}::${path.slice('/v2'.length)}` },
      ...[input.credentialsArn, input.authorizerCredentialsArn].flatMap(passWish),
    ],
    toRefusal: (error) =>
      error instanceof ApiError
        ? { status: API_ERRORS[error.code], code: error.code, message: error.message }
        : undefined,
  };
}

/** Who names a role by which functions are invoked hands it to API Gateway. */
function passWish(role: unknown): readonly Wish[] {
  const context = { 'iam:PassedToService': 'apigateway.amazonaws.com' };
  return typeof role === 'string' && role !== '' ? [{ action: 'iam:PassRole', resource: role, context }] : [];
}
