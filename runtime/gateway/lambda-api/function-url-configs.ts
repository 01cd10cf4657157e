import type { ConditionContext } from '../../contract/authorizer.ts';
import type { Cors } from '../../contract/cors.ts';
import { Constraints } from '../../registry/constraints.ts';
import type { FunctionRegistry, UrlConfigRecord } from '../../registry/function-registry.ts';
import { type FunctionUrls, type UrlSettings, urlTargetArn } from '../../registry/function-urls.ts';
import { parseCors } from './cors-input.ts';
import { nameOf, qualifierOf } from './functions.ts';
import { type Members, parseMembers } from './members.ts';
import type { ApiRequest, Operation } from './operation.ts';
import { parsePage, toPage } from './paging.ts';

const URL_CONFIG = '/2021-10-31/functions/:FunctionName/url';

/** The operations on function URL configurations. */
export function functionUrlOperations(registry: FunctionRegistry): readonly Operation[] {
  const { urls } = registry;
  return [
    {
      name: 'CreateFunctionUrlConfig',
      method: 'POST',
      path: URL_CONFIG,
      contexts: authTypeOf,
      handle: async (request) => {
        const {
          authType = 'NONE',
          invokeMode = 'BUFFERED',
          cors,
        } = parseUrlSettings(parseMembers(request), ['authType']);
        const settings = { authType, invokeMode, ...(cors === undefined ? {} : { cors }) };
        const record = await urls.create(request.scope, nameOf(request), qualifierOf(request), settings);
        const { LastModifiedTime, ...created } = toUrlConfig(urls, record);
        return { status: 201, body: created };
      },
    },
    {
      name: 'GetFunctionUrlConfig',
      method: 'GET',
      path: URL_CONFIG,
      handle: async (request) => {
        const record = urls.get(request.scope, nameOf(request), qualifierOf(request));
        return { status: 200, body: toUrlConfig(urls, record) };
      },
    },
    {
      name: 'UpdateFunctionUrlConfig',
      method: 'PUT',
      path: URL_CONFIG,
      contexts: authTypeOf,
      handle: async (request) => {
        const settings = parseUrlSettings(parseMembers(request), []);
        const record = await urls.update(request.scope, nameOf(request), qualifierOf(request), settings);
        return { status: 200, body: toUrlConfig(urls, record) };
      },
    },
    {
      name: 'DeleteFunctionUrlConfig',
      method: 'DELETE',
      path: URL_CONFIG,
      handle: async (request) => {
        await urls.delete(request.scope, nameOf(request), qualifierOf(request));
        return { status: 204 };
      },
    },
    {
      name: 'ListFunctionUrlConfigs',
      method: 'GET',
      path: `${URL_CONFIG}s`,
      handle: async (request) => {
        const page = parsePage(request.query);
        const all = urls.list(request.scope, nameOf(request));
        const rest = all.filter((record) => page.after === undefined || record.qualifier > page.after);
        const { items, marker } = toPage(rest, page, (record) => record.qualifier);
        const shown = items.map((record) => toUrlConfig(urls, record));
        return {
          status: 200,
          body: { FunctionUrlConfigs: shown, ...(marker === undefined ? {} : { NextMarker: marker }) },
        };
      },
    },
  ];
}

/** By this a policy can keep its users from URLs that ask for no signature. */
function authTypeOf(request: ApiRequest): readonly ConditionContext[] {
  const authType = parseMembers(request).text('AuthType');
  return [authType === undefined ? {} : { 'lambda:FunctionUrlAuthType': authType }];
}

function toUrlConfig(urls: FunctionUrls, record: UrlConfigRecord): Record<string, unknown> {
  return {
    FunctionUrl: urls.urlOf(record),
    FunctionArn: urlTargetArn(record),
    AuthType: record.authType,
    ...(record.cors === undefined ? {} : { Cors: toCors(record.cors) }),
    CreationTime: new Date(record.createdAt).toISOString(),
    LastModifiedTime: new Date(record.modifiedAt).toISOString(),
    InvokeMode: record.invokeMode,
  };
}

function toCors(cors: Cors): Record<string, unknown> {
  const shown = {
    AllowCredentials: cors.allowCredentials,
    AllowHeaders: cors.allowHeaders,
    AllowMethods: cors.allowMethods,
    AllowOrigins: cors.allowOrigins,
    ExposeHeaders: cors.exposeHeaders,
    MaxAge: cors.maxAge,
  };
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined));
}

function parseUrlSettings(members: Members, required: readonly 'authType'[]): Partial<UrlSettings> {
  const constraints = new Constraints();
  const auth = members.text('AuthType');
  for (const member of required) constraints.required(member, auth);
  const authType = constraints.oneOf('authType', auth, ['NONE', 'AWS_IAM']);
  const mode = members.text('InvokeMode');
  const invokeMode = constraints.oneOf('invokeMode', mode, ['BUFFERED', 'RESPONSE_STREAM']);
  const cors = members.raw('Cors') === undefined ? undefined : parseCors(members.nested('Cors'), constraints);
  constraints.assertSatisfied();
  return {
    ...(authType === undefined ? {} : { authType }),
    ...(invokeMode === undefined ? {} : { invokeMode }),
    ...(cors === undefined ? {} : { cors }),
  };
}
