import type { Cors } from '../contract/cors.ts';
import type { Scope } from '../contract/scope.ts';
import { ApiError } from './api-error.ts';
import type {
  ApiRecord,
  AuthorizerRecord,
  IntegrationRecord,
  RouteRecord,
  RouteSettings,
  StageRecord,
} from './api-record.ts';
import { toAuthorizer } from './authorizer-settings.ts';
import { toCorsSettings } from './cors-settings.ts';
import { FileNode, RoutesFileError } from './file-node.ts';
import { toIntegration } from './integration-settings.ts';
import { toSignature } from './route-key.ts';
import { toRoute } from './route-settings.ts';
import { toStageSettings } from './stage-settings.ts';

/**
 * Reads the operator's file of APIs:
 *
 * ```json
 * { "apis": { "shop": {
 *     "cors": { "allowOrigins": ["https://shop.example"] },
 *     "authorizers": {
 *       "login": { "issuer": "https://login.example", "audience": ["shop"] },
 *       "gate": { "function": "gate", "identitySource": ["$request.header.x-key"], "ttlSeconds": 60 } },
 *     "routes": {
 *       "GET /items/{id}": "items",
 *       "POST /items": { "function": "items:live", "authorizer": "login", "scopes": ["write"], "throttle": { "rate": 5, "burst": 10 } },
 *       "$default": { "function": "front", "authorizer": "gate", "payloadFormatVersion": "1.0", "timeoutMs": 5000 } },
 *     "stages": { "$default": { "variables": { "table": "items" }, "throttle": { "rate": 100 } } } } } }
 * ```
 *
 * An API's name is its id. `authorizer` may be `AWS_IAM`. Without `stages` there is `$default`. Throws a RoutesFileError that says
 * where something is wrong.
 */
export function parseRoutesFile(text: string, home: Scope & { readonly now: number }): readonly ApiRecord[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RoutesFileError(`it is not JSON: ${(error as Error).message}`);
  }
  const file = new FileNode(value, 'the file');
  file.assertOnly('apis');
  return file
    .member('apis')
    .entries()
    .map(([apiId, api]) => toApi(apiId, api, home));
}

function toApi(apiId: string, node: FileNode, { region, accountId, now }: Scope & { readonly now: number }): ApiRecord {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(apiId)) {
    throw node.refuse('an API is named by small letters, digits and hyphens, as hosts are');
  }
  node.assertOnly('authorizers', 'cors', 'description', 'routes', 'stages');
  const scope = { region, accountId };
  const cors = node.find('cors');
  const corsConfiguration = cors && toCors(cors);
  const description = node.find('description')?.text();
  const empty: ApiRecord = {
    ...{ ...scope, apiId, name: apiId, createdAt: now, tags: {}, isFixed: true },
    ...{ routes: {}, integrations: {}, authorizers: {}, stages: {}, deployments: {} },
    ...(corsConfiguration && { corsConfiguration }),
    ...(description === undefined ? {} : { description }),
  };
  const authorizers = Object.fromEntries(
    (node.find('authorizers')?.entries() ?? []).map(([name, each]) => [name, toFileAuthorizer(name, each, scope)]),
  );
  const integrations: Record<string, IntegrationRecord> = {};
  const routes: Record<string, RouteRecord> = {};
  const settings: Record<string, RouteSettings> = {};
  const signatures = new Set<string>();
  for (const [at, [routeKey, each]] of node.member('routes').entries().entries()) {
    const id = `r${at}`;
    integrations[id] = says(each, () => toIntegration(id, toIntegrationInput(each, scope)));
    const input = { routeKey, target: `integrations/${id}`, ...toAuthorization(each, authorizers) };
    routes[id] = says(each, () => toRoute(id, input, { routes, integrations, authorizers }));
    const signature = toSignature(routeKey);
    if (signatures.has(signature)) throw each.refuse('another route matches the same requests');
    signatures.add(signature);
    const throttle = each.isText ? undefined : each.find('throttle');
    if (throttle) settings[routeKey] = toThrottle(throttle);
  }
  const api = { ...empty, authorizers, integrations, routes };
  const named = node.find('stages')?.entries() ?? [['$default', new FileNode({}, `${node.where}.stages.$default`)]];
  const stages = named.map(([name, stage]) => [
    name,
    toStage(name as string, stage as FileNode, { api, settings, now }),
  ]);
  return { ...api, stages: Object.fromEntries(stages) };
}

function toCors(node: FileNode): Cors | undefined {
  node.assertOnly('allowCredentials', 'allowHeaders', 'allowMethods', 'allowOrigins', 'exposeHeaders', 'maxAge');
  return says(node, () =>
    toCorsSettings({
      allowCredentials: node.find('allowCredentials')?.flag(),
      allowHeaders: node.find('allowHeaders')?.texts(),
      allowMethods: node.find('allowMethods')?.texts(),
      allowOrigins: node.find('allowOrigins')?.texts(),
      exposeHeaders: node.find('exposeHeaders')?.texts(),
      maxAge: node.find('maxAge')?.number(),
    }),
  );
}

function toFileAuthorizer(name: string, node: FileNode, scope: Scope): AuthorizerRecord {
  const identity = node.find('identitySource');
  const identitySource = identity?.isText ? [identity.text()] : identity?.texts();
  if (node.find('issuer')) {
    node.assertOnly('audience', 'identitySource', 'issuer');
    return says(node, () =>
      toAuthorizer(name, {
        ...{ authorizerType: 'JWT', name, identitySource: identitySource ?? ['$request.header.Authorization'] },
        jwtConfiguration: { issuer: node.member('issuer').text(), audience: node.find('audience')?.texts() },
      }),
    );
  }
  node.assertOnly('function', 'identitySource', 'payloadFormatVersion', 'simple', 'ttlSeconds');
  const version = node.find('payloadFormatVersion')?.text() ?? '2.0';
  return says(node, () =>
    toAuthorizer(name, {
      ...{ authorizerType: 'REQUEST', name, identitySource, authorizerPayloadFormatVersion: version },
      authorizerUri: toFunctionArn(node.member('function').text(), scope),
      authorizerResultTtlInSeconds: node.find('ttlSeconds')?.number(),
      enableSimpleResponses: node.find('simple')?.flag() ?? version === '2.0',
    }),
  );
}

function toIntegrationInput(node: FileNode, scope: Scope) {
  if (!node.isText)
    node.assertOnly('authorizer', 'function', 'payloadFormatVersion', 'scopes', 'throttle', 'timeoutMs');
  const name = node.isText ? node.text() : node.member('function').text();
  return {
    ...{ integrationType: 'AWS_PROXY', integrationUri: toFunctionArn(name, scope) },
    payloadFormatVersion: (node.isText ? undefined : node.find('payloadFormatVersion')?.text()) ?? '2.0',
    timeoutInMillis: node.isText ? undefined : node.find('timeoutMs')?.number(),
  };
}

function toAuthorization(node: FileNode, authorizers: Readonly<Record<string, AuthorizerRecord>>) {
  const name = node.isText ? undefined : node.find('authorizer')?.text();
  const scopes = node.isText ? undefined : node.find('scopes')?.texts();
  if (name === undefined || name === 'AWS_IAM') return { authorizationType: name, authorizationScopes: scopes };
  const authorizer = Object.hasOwn(authorizers, name) ? authorizers[name] : undefined;
  if (authorizer === undefined) throw node.refuse(`there is no authorizer ${name}`);
  const authorizationType = authorizer.authorizerType === 'JWT' ? 'JWT' : 'CUSTOM';
  return { authorizationType, authorizerId: name, authorizationScopes: scopes };
}

function toStage(
  name: string,
  node: FileNode,
  {
    api,
    settings,
    now,
  }: { readonly api: ApiRecord; readonly settings: StageRecord['routeSettings']; readonly now: number },
): StageRecord {
  if (!/^(?:\$default|[A-Za-z0-9_-]{1,128})$/.test(name)) throw node.refuse('it is no name of a stage');
  node.assertOnly('throttle', 'variables');
  const throttle = node.find('throttle');
  const given = {
    ...{ autoDeploy: true, routeSettings: settings, stageVariables: node.find('variables')?.textMap() },
    defaultRouteSettings: throttle && toThrottle(throttle),
  };
  const stage = says(node, () => toStageSettings(given, api));
  return { ...stage, stageName: name, tags: {}, createdAt: now, modifiedAt: now };
}

function toThrottle(node: FileNode): RouteSettings {
  node.assertOnly('burst', 'rate');
  const burst = node.find('burst')?.number();
  const rate = node.find('rate')?.number();
  return {
    ...(burst === undefined ? {} : { throttlingBurstLimit: burst }),
    ...(rate === undefined ? {} : { throttlingRateLimit: rate }),
  };
}

/** A name with a qualifier or without is of this account and region. */
function toFunctionArn(name: string, { region, accountId }: Scope): string {
  return name.startsWith('arn:') ? name : `arn:aws:lambda:${region}:${accountId}:function:${name}`;
}

/** What `make` makes; what it refuses is said of the node. */
function says<Made>(node: FileNode, make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    if (error instanceof ApiError) throw node.refuse(error.message);
    throw error;
  }
}
