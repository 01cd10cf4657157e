import type {
  ApiRecord,
  AuthorizerRecord,
  DeploymentRecord,
  IntegrationRecord,
  RouteRecord,
  RouteSettings,
  StageRecord,
} from '../../apis/index.ts';

type View = Readonly<Record<string, unknown>>;

/** Where an API is reached; the stages but `$default` follow as the first segment of the path. */
function toEndpoint({ apiId, region }: Pick<ApiRecord, 'apiId' | 'region'>, port: number): string {
  return `http://${apiId}.execute-api.${region}.localhost:${port}`;
}

export function toApiView(api: ApiRecord, port: number): View {
  const { apiId, name, description, version, corsConfiguration, disableExecuteApiEndpoint, tags } = api;
  return {
    ...{ apiId, name, description, version, corsConfiguration, tags },
    apiEndpoint: toEndpoint(api, port),
    apiGatewayManaged: false,
    apiKeySelectionExpression: '$request.header.x-api-key',
    createdDate: toDate(api.createdAt),
    disableExecuteApiEndpoint: disableExecuteApiEndpoint ?? false,
    ipAddressType: 'ipv4',
    protocolType: 'HTTP',
    routeSelectionExpression: '$request.method $request.path',
  };
}

export function toRouteView(route: RouteRecord): View {
  return { ...route, apiKeyRequired: false };
}

export function toIntegrationView(integration: IntegrationRecord): View {
  return { ...integration, connectionType: 'INTERNET', integrationMethod: 'POST', integrationType: 'AWS_PROXY' };
}

export function toAuthorizerView(authorizer: AuthorizerRecord): View {
  if (authorizer.authorizerType === 'REQUEST') return authorizer as unknown as View;
  const { issuer, audience, ...rest } = authorizer;
  return { ...rest, jwtConfiguration: { issuer, audience } };
}

export function toStageView({ createdAt, modifiedAt, ...stage }: StageRecord): View {
  return {
    ...stage,
    defaultRouteSettings: toSettingsView(stage.defaultRouteSettings),
    routeSettings: Object.fromEntries(
      Object.entries(stage.routeSettings).map(([key, settings]) => [key, toSettingsView(settings)]),
    ),
    createdDate: toDate(createdAt),
    lastUpdatedDate: toDate(modifiedAt),
  };
}

export function toDeploymentView({ createdAt, ...deployment }: DeploymentRecord): View {
  return { ...deployment, createdDate: toDate(createdAt), deploymentStatus: 'DEPLOYED' };
}

function toSettingsView(settings: RouteSettings): View {
  return { detailedMetricsEnabled: false, ...settings };
}

function toDate(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
