import { ApiError, badRequest } from './api-error.ts';
import type { ApiRecord, RouteSettings, StageRecord, Texts } from './api-record.ts';
import { assertLength, assertRange, choose, type Given, present, refuseUnserved } from './given.ts';

export type RouteSettingsInput = Given<{
  throttlingBurstLimit: number;
  throttlingRateLimit: number;
  detailedMetricsEnabled: boolean;
  dataTraceEnabled: boolean;
  loggingLevel: string;
}>;

/** What CreateStage and UpdateStage are given. */
export type StageInput = Given<{
  autoDeploy: boolean;
  deploymentId: string;
  description: string;
  stageVariables: Texts;
  defaultRouteSettings: RouteSettingsInput;
  routeSettings: Readonly<Record<string, RouteSettingsInput>>;
  clientCertificateId: string;
  accessLogSettings: Readonly<Record<string, unknown>>;
}>;

const MOST_VARIABLES = 100;
const MOST_REQUESTS = 1_000_000;

export type StageSettings = Omit<StageRecord, 'stageName' | 'tags' | 'createdAt' | 'modifiedAt'>;

/** What of a stage can be set; of one that there is already, what was not given stays. Throws an ApiError. */
export function toStageSettings(given: StageInput, api: ApiRecord, current?: StageRecord): StageSettings {
  const { clientCertificateId, accessLogSettings } = given;
  refuseUnserved({ clientCertificateId, accessLogSettings });
  assertLength('description', given.description, { max: 1_024 });
  const autoDeploy = given.autoDeploy ?? current?.autoDeploy ?? false;
  if (autoDeploy && given.deploymentId) throw badRequest('deploymentId cannot be set for a stage with autoDeploy.');
  const deploymentId = given.deploymentId || current?.deploymentId;
  if (given.deploymentId && !Object.hasOwn(api.deployments, given.deploymentId)) {
    throw new ApiError('NotFoundException', `Deployment id does not exist: ${given.deploymentId.slice(0, 128)}`);
  }
  const routeSettings = { ...current?.routeSettings };
  for (const [routeKey, settings] of Object.entries(given.routeSettings ?? {})) {
    if (!Object.values(api.routes).some((route) => route.routeKey === routeKey)) {
      const message = `Unable to find Route by key ${routeKey.slice(0, 128)} within the provided RouteSettings`;
      throw new ApiError('NotFoundException', message);
    }
    routeSettings[routeKey] = toRouteSettings(settings);
  }
  assertVariables(given.stageVariables);
  return {
    ...{ autoDeploy, routeSettings },
    stageVariables: withChanges(current?.stageVariables, given.stageVariables),
    defaultRouteSettings: given.defaultRouteSettings
      ? toRouteSettings(given.defaultRouteSettings)
      : (current?.defaultRouteSettings ?? {}),
    ...present({
      deploymentId,
      description: given.description ?? current?.description,
      apiGatewayManaged: current?.apiGatewayManaged,
    }),
  };
}

/** A variable without a value goes. */
function withChanges(current: Texts = {}, changes: Texts = {}): Texts {
  return Object.fromEntries(Object.entries({ ...current, ...changes }).filter(([, value]) => value !== ''));
}

function toRouteSettings(given: RouteSettingsInput): RouteSettings {
  const { throttlingBurstLimit, throttlingRateLimit, detailedMetricsEnabled } = given;
  refuseUnserved({ dataTraceEnabled: given.dataTraceEnabled });
  choose('loggingLevel', given.loggingLevel || undefined, ['OFF']);
  assertRange('throttlingBurstLimit', throttlingBurstLimit, { min: 0, max: MOST_REQUESTS });
  assertRange('throttlingRateLimit', throttlingRateLimit, { min: 0, max: MOST_REQUESTS });
  return present({ throttlingBurstLimit, throttlingRateLimit, detailedMetricsEnabled }) as RouteSettings;
}

function assertVariables(variables: Texts = {}): void {
  const all = Object.entries(variables);
  if (all.length > MOST_VARIABLES) throw badRequest(`A stage may have ${MOST_VARIABLES} variables.`);
  for (const [name, value] of all) {
    if (!/^\w{1,64}$/.test(name)) throw badRequest(`Invalid stage variable name: ${name.slice(0, 128)}`);
    if (!/^[A-Za-z0-9\-._~:/?#&=,]{0,512}$/.test(value)) {
      throw badRequest(`Invalid value of the stage variable ${name}: it may have A-Za-z0-9-._~:/?#&=, alone.`);
    }
  }
}
