import type { Cors } from '../contract/cors.ts';
import type { Scope } from '../contract/scope.ts';
import { badRequest } from './api-error.ts';
import type { ApiRecord, Texts } from './api-record.ts';
import { toCorsSettings } from './cors-settings.ts';
import { drawId } from './draw-id.ts';
import { assertLength, choose, type Given, present, refuseUnserved, required } from './given.ts';
import { toIntegration } from './integration-settings.ts';
import { DEFAULT_ROUTE } from './route-key.ts';
import { assertAlone, toRoute } from './route-settings.ts';
import { withTags } from './tags.ts';

/** What CreateApi and UpdateApi are given. */
export type ApiInput = Given<{
  name: string;
  protocolType: string;
  description: string;
  version: string;
  corsConfiguration: Given<Cors>;
  disableExecuteApiEndpoint: boolean;
  disableSchemaValidation: boolean;
  apiKeySelectionExpression: string;
  routeSelectionExpression: string;
  ipAddressType: string;
  /** Quick create: a function's ARN, the key of the route to it, and a role to invoke it by. */
  target: string;
  routeKey: string;
  credentialsArn: string;
  tags: Texts;
}>;

/** A new API; with a `target`, one route to it and a stage that is deployed by itself. Throws an ApiError. */
export function toQuickApi(key: Scope & Pick<ApiRecord, 'apiId' | 'createdAt'>, given: ApiInput): ApiRecord {
  const protocolType = required('protocolType', choose('protocolType', given.protocolType, ['HTTP', 'WEBSOCKET']));
  if (protocolType === 'WEBSOCKET') throw badRequest('APIs of protocolType WEBSOCKET are not served here.');
  const { region, accountId, apiId, createdAt } = key;
  const api: ApiRecord = {
    ...{ region, accountId, apiId, createdAt, name: '', tags: withTags({}, given.tags) },
    ...{ routes: {}, integrations: {}, authorizers: {}, stages: {}, deployments: {} },
  };
  const { target, routeKey, credentialsArn, ...settings } = given;
  const empty = toUpdatedApi(api, settings);
  if (!target) {
    if (routeKey || credentialsArn) throw badRequest('routeKey and credentialsArn need a target.');
    return empty;
  }
  return withTarget(empty, { target, routeKey: routeKey || DEFAULT_ROUTE, credentialsArn });
}

/** The API with what was given in place of what it was. */
export function toUpdatedApi(api: ApiRecord, given: ApiInput): ApiRecord {
  refuseUnserved({ disableSchemaValidation: given.disableSchemaValidation });
  const name = required('name', given.name ?? (api.name || undefined));
  assertLength('name', name, { min: 1, max: 128 });
  assertLength('description', given.description, { max: 1_024 });
  assertLength('version', given.version, { max: 64 });
  choose('ipAddressType', given.ipAddressType, ['ipv4', 'dualstack']);
  choose('routeSelectionExpression', given.routeSelectionExpression, SELECTION);
  const { corsConfiguration, description, version, disableExecuteApiEndpoint, ...rest } = api;
  const cors = given.corsConfiguration ? toCorsSettings(given.corsConfiguration) : corsConfiguration;
  return {
    ...rest,
    name,
    ...present({
      corsConfiguration: cors,
      description: given.description ?? description,
      version: given.version ?? version,
      disableExecuteApiEndpoint: given.disableExecuteApiEndpoint ?? disableExecuteApiEndpoint,
    }),
  };
}

/** The same with another target or key of the route that quick create has made. */
export function toRetargetedApi(api: ApiRecord, { target, routeKey, credentialsArn }: ApiInput): ApiRecord {
  const integration = Object.values(api.integrations).find((each) => each.apiGatewayManaged);
  const route = Object.values(api.routes).find((each) => each.apiGatewayManaged);
  if (integration === undefined || route === undefined) {
    throw badRequest('target, routeKey and credentialsArn are for APIs that quick create has made.');
  }
  const { integrationId } = integration;
  const { routeId } = route;
  const led = toIntegration(integrationId, { integrationUri: target, credentialsArn }, integration);
  const keyed = toRoute(routeId, { routeKey }, api, route);
  assertAlone(api, keyed);
  return {
    ...api,
    integrations: { ...api.integrations, [integrationId]: led },
    routes: { ...api.routes, [routeId]: keyed },
  };
}

function withTarget(
  api: ApiRecord,
  { target, routeKey, credentialsArn }: { target: string; routeKey: string; credentialsArn?: string | undefined },
): ApiRecord {
  const [integrationId, routeId] = [drawId(7), drawId(7)];
  const settings = {
    integrationType: 'AWS_PROXY',
    integrationUri: target,
    payloadFormatVersion: '2.0',
    credentialsArn,
  };
  const integration = { ...toIntegration(integrationId, settings), apiGatewayManaged: true } as const;
  const withIntegration = { ...api, integrations: { [integrationId]: integration } };
  const route = toRoute(routeId, { routeKey, target: `integrations/${integrationId}` }, withIntegration);
  const { createdAt } = api;
  return {
    ...withIntegration,
    routes: { [routeId]: { ...route, apiGatewayManaged: true } },
    stages: {
      $default: {
        ...{ stageName: '$default', autoDeploy: true, createdAt, modifiedAt: createdAt },
        ...{ stageVariables: {}, defaultRouteSettings: {}, routeSettings: {}, tags: {}, apiGatewayManaged: true },
      },
    },
  };
}

/** What HTTP APIs choose a route by. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: API Gateway's own expression
const SELECTION = ['$request.method $request.path', '${request.method} ${request.path}'] as const;
