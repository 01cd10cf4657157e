import type { ObjectSource } from '../../contract/object-source.ts';
import type { Scope } from '../../contract/scope.ts';
import { Constraints } from '../../registry/constraints.ts';
import { parseFunctionName } from '../../registry/function-name.ts';
import type { FunctionRegistry } from '../../registry/function-registry.ts';
import type { Selected } from '../../registry/function-table.ts';
import { namedObject, noObjects } from './code-input.ts';
import { toFunctionConfiguration, toListedFunction } from './function-configuration.ts';
import { parseCreateFunction, parseUpdateCode, parseUpdateConfiguration } from './function-input.ts';
import { parseMembers } from './members.ts';
import type { ApiRequest, ApiResponse, Operation } from './operation.ts';
import { toPackagePath } from './package-download.ts';
import { type Page, parsePage, toPage } from './paging.ts';
import { toFunctionResource } from './permission.ts';

const FUNCTIONS = '/2015-03-31/functions';
const FUNCTION = `${FUNCTIONS}/:FunctionName`;

/** The operations on functions: create, describe, list, update, delete. */
export function functionOperations(
  registry: FunctionRegistry,
  objects: ObjectSource = noObjects,
): readonly Operation[] {
  return [
    {
      name: 'CreateFunction',
      method: 'POST',
      path: FUNCTIONS,
      resource: (request) => {
        const name = parseMembers(request).text('FunctionName');
        return name && toFunctionResource({ ...request.scope, reference: name, qualifier: undefined });
      },
      passesRole,
      usesLayers,
      usesObject: (request) => namedObject(parseMembers(request).nested('Code')),
      handle: async (request) => {
        const { name, input, publishes } = await parseCreateFunction(parseMembers(request), objects);
        const record = await registry.create(request.scope, name, input);
        const version = publishes ? await registry.versions.publish(request.scope, name, {}) : record.latest;
        return { status: 201, body: toFunctionConfiguration(record, version) };
      },
    },
    { name: 'ListFunctions', method: 'GET', path: FUNCTIONS, handle: (request) => listFunctions(registry, request) },
    {
      name: 'GetFunction',
      method: 'GET',
      path: FUNCTION,
      handle: async (request) => {
        const { key, record, tags, qualifier } = await find(registry, request);
        const reserved = registry.reserved.get(request.scope, key.name);
        const body = {
          Configuration: toFunctionConfiguration(key, record, qualifier),
          Code: { RepositoryType: 'S3', Location: await request.linkTo(toPackagePath(key, record)) },
          ...(Object.keys(tags).length === 0 ? {} : { Tags: tags }),
          ...(reserved === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: reserved } }),
        };
        return { status: 200, body };
      },
    },
    {
      name: 'GetFunctionConfiguration',
      method: 'GET',
      path: `${FUNCTION}/configuration`,
      handle: async (request) => {
        const { key, record, qualifier } = await find(registry, request);
        return { status: 200, body: toFunctionConfiguration(key, record, qualifier) };
      },
    },
    {
      name: 'UpdateFunctionCode',
      method: 'PUT',
      path: `${FUNCTION}/code`,
      usesObject: (request) => namedObject(parseMembers(request)),
      handle: async (request) => {
        const { input, isDryRun, publishes } = await parseUpdateCode(parseMembers(request), objects);
        const { scope } = request;
        const name = nameOf(request);
        const record = isDryRun
          ? await registry.checkCode(scope, name, input)
          : await registry.updateCode(scope, name, input);
        if (isDryRun || !publishes) return { status: 200, body: toFunctionConfiguration(record, record.latest) };
        const version = await registry.versions.publish(scope, name, {});
        return { status: 200, body: toFunctionConfiguration(record, version, version.version) };
      },
    },
    {
      name: 'UpdateFunctionConfiguration',
      method: 'PUT',
      path: `${FUNCTION}/configuration`,
      passesRole,
      usesLayers,
      handle: async (request) => {
        const input = parseUpdateConfiguration(parseMembers(request));
        const record = await registry.updateSettings(request.scope, nameOf(request), input);
        return { status: 200, body: toFunctionConfiguration(record, record.latest) };
      },
    },
    {
      name: 'DeleteFunction',
      method: 'DELETE',
      path: FUNCTION,
      handle: async (request) => {
        await registry.delete(request.scope, nameOf(request), qualifierOf(request));
        return { status: 204 };
      },
    },
  ];
}

async function listFunctions(registry: FunctionRegistry, request: ApiRequest): Promise<ApiResponse> {
  const constraints = new Constraints();
  const version = constraints.oneOf('functionVersion', request.query.get('FunctionVersion') ?? undefined, ['ALL']);
  constraints.assertSatisfied();
  const page = parsePage(request.query);
  const { items, marker } =
    version === 'ALL'
      ? toPage(await listVersions(registry, request.scope, page), page, versionId)
      : toPage(await listLatest(registry, request.scope, page), page, ({ key }) => key.name);
  const shown = items.map(({ key, record }) =>
    toListedFunction(key, record, version === 'ALL' ? record.version : undefined),
  );
  return { status: 200, body: { Functions: shown, ...(marker === undefined ? {} : { NextMarker: marker }) } };
}

async function listLatest(registry: FunctionRegistry, scope: Scope, page: Page): Promise<Selected[]> {
  const found = await registry.list(scope, { ...page, limit: page.limit + 1 });
  return found.map(({ latest }) => latest);
}

/** Every version of every function; functions by name, versions as ListVersionsByFunction has them. */
async function listVersions(registry: FunctionRegistry, scope: Scope, page: Page): Promise<Selected[]> {
  const functions = await registry.list(scope, { limit: Number.POSITIVE_INFINITY });
  const all = functions.flatMap(({ latest, published }) => [latest, ...published.values()]);
  const start = page.after === undefined ? 0 : all.findIndex((each) => versionId(each) === page.after) + 1;
  return all.slice(start, start + page.limit + 1);
}

function versionId({ key, record }: Selected): string {
  return `${key.name}:${record.version}`;
}

async function find(
  registry: FunctionRegistry,
  request: ApiRequest,
): Promise<Awaited<ReturnType<FunctionRegistry['getVersion']>> & { qualifier?: string }> {
  const given = qualifierOf(request);
  const found = await registry.getVersion(request.scope, nameOf(request), given);
  const qualifier = given ?? parseFunctionName(nameOf(request))?.qualifier;
  return qualifier === undefined ? found : { ...found, qualifier };
}

function usesLayers(request: ApiRequest): readonly string[] {
  return parseMembers(request).texts('Layers') ?? [];
}

function passesRole(request: ApiRequest): string | undefined {
  return parseMembers(request).text('Role');
}

/** The function the path names, in any of Lambda's forms. */
export function nameOf(request: ApiRequest): string {
  const { FunctionName: name = '' } = request.params;
  return name;
}

export function qualifierOf(request: ApiRequest): string | undefined {
  return request.query.get('Qualifier') ?? undefined;
}
