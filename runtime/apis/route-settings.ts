import { badRequest, conflict } from './api-error.ts';
import type { ApiLayout, RouteRecord } from './api-record.ts';
import { assertLength, choose, type Given, present, refuseUnserved, required } from './given.ts';
import { parseRouteKey, toSignature } from './route-key.ts';

/** What CreateRoute and UpdateRoute are given. */
export type RouteInput = Given<{
  routeKey: string;
  target: string;
  authorizationType: string;
  authorizerId: string;
  authorizationScopes: readonly string[];
  operationName: string;
  apiKeyRequired: boolean;
  modelSelectionExpression: string;
  requestModels: Readonly<Record<string, string>>;
  requestParameters: Readonly<Record<string, unknown>>;
  routeResponseSelectionExpression: string;
}>;

const MOST_SCOPES = 10;

/** A route as it is to be in an API; of one that there is already, what was not given stays. Throws an ApiError. */
export function toRoute(routeId: string, given: RouteInput, api: ApiLayout, current?: RouteRecord): RouteRecord {
  const { apiKeyRequired, modelSelectionExpression, requestModels, requestParameters } = given;
  const { routeResponseSelectionExpression } = given;
  refuseUnserved({ apiKeyRequired, modelSelectionExpression, requestModels, requestParameters });
  refuseUnserved({ routeResponseSelectionExpression });
  const routeKey = required('routeKey', given.routeKey ?? current?.routeKey);
  parseRouteKey(routeKey);
  const target = given.target ?? current?.target;
  if (target) assertTarget(target, api);
  assertLength('operationName', given.operationName, { max: 64 });
  const type = choose('authorizationType', given.authorizationType, TYPES) ?? current?.authorizationType ?? 'NONE';
  const usesAuthorizer = type === 'JWT' || type === 'CUSTOM';
  const authorizerId = usesAuthorizer ? given.authorizerId || current?.authorizerId : given.authorizerId || undefined;
  if (usesAuthorizer || authorizerId !== undefined) assertAuthorizer(type, authorizerId, api);
  const scopes = given.authorizationScopes ?? (type === 'JWT' ? current?.authorizationScopes : undefined) ?? [];
  assertScopes(type, scopes);
  return {
    ...{ routeId, routeKey, authorizationType: type },
    ...present({
      target: target || undefined,
      authorizerId,
      authorizationScopes: scopes.length === 0 ? undefined : scopes,
      operationName: given.operationName ?? current?.operationName,
      apiGatewayManaged: current?.apiGatewayManaged,
    }),
  };
}

/** Throws when another route of the API matches the same requests. */
export function assertAlone({ routes }: ApiLayout, { routeId, routeKey }: RouteRecord): void {
  const signature = toSignature(routeKey);
  const other = Object.values(routes).find((route) => toSignature(route.routeKey) === signature);
  if (other === undefined || other.routeId === routeId) return;
  throw conflict(`Route with key ${other.routeKey} already exists for this API`);
}

/** Where a route leads; undefined when it has no integration. */
export function integrationIdOf({ target }: Pick<RouteRecord, 'target'>): string | undefined {
  return target?.slice(TARGET.length);
}

function assertTarget(target: string, { integrations }: ApiLayout): void {
  const id = target.startsWith(TARGET) ? target.slice(TARGET.length) : '';
  if (!Object.hasOwn(integrations, id)) {
    throw badRequest(`Invalid target: ${target.slice(0, 128)} is no integration of this API.`);
  }
}

function assertAuthorizer(type: RouteRecord['authorizationType'], id: string | undefined, api: ApiLayout): void {
  const wanted = type === 'JWT' ? 'JWT' : type === 'CUSTOM' ? 'REQUEST' : undefined;
  if (id === undefined) throw badRequest('authorizerId is required for authorizationType JWT and CUSTOM.');
  const authorizer = Object.hasOwn(api.authorizers, id) ? api.authorizers[id] : undefined;
  if (authorizer === undefined) throw badRequest(`Invalid authorizer identifier specified ${id.slice(0, 128)}`);
  if (authorizer.authorizerType !== wanted) {
    throw badRequest(`The authorizer is of type ${authorizer.authorizerType}, which is not for ${type}.`);
  }
}

function assertScopes(type: RouteRecord['authorizationType'], scopes: readonly string[]): void {
  if (scopes.length > 0 && type !== 'JWT') throw badRequest('authorizationScopes are for authorizationType JWT.');
  if (scopes.length > MOST_SCOPES) throw badRequest(`authorizationScopes may have ${MOST_SCOPES} items.`);
  for (const scope of scopes) assertLength('authorizationScopes', scope, { min: 1, max: 64 });
}

const TARGET = 'integrations/';
const TYPES = ['NONE', 'AWS_IAM', 'JWT', 'CUSTOM'] as const;
