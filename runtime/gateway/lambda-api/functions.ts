import { Constraints } from '../../registry/constraints.ts';
import { parseFunctionName } from '../../registry/function-name.ts';
import type { FunctionRecord, FunctionRegistry } from '../../registry/function-registry.ts';
import { toFunctionConfiguration, toListedFunction } from './function-configuration.ts';
import { parseCreateFunction, parseUpdateCode, parseUpdateConfiguration } from './function-input.ts';
import { parseMembers } from './members.ts';
import type { ApiRequest, ApiResponse, Operation } from './operation.ts';
import { toPackagePath } from './package-download.ts';
import { parsePage, toPage } from './paging.ts';

const FUNCTIONS = '/2015-03-31/functions';
const FUNCTION = `${FUNCTIONS}/:FunctionName`;

/** The operations on functions: create, describe, list, update, delete. */
export function functionOperations(registry: FunctionRegistry): readonly Operation[] {
  return [
    {
      name: 'CreateFunction',
      method: 'POST',
      path: FUNCTIONS,
      handle: async (request) => {
        const { name, input } = parseCreateFunction(parseMembers(request));
        return { status: 201, body: toFunctionConfiguration(await registry.create(request.scope, name, input)) };
      },
    },
    { name: 'ListFunctions', method: 'GET', path: FUNCTIONS, handle: (request) => listFunctions(registry, request) },
    {
      name: 'GetFunction',
      method: 'GET',
      path: FUNCTION,
      handle: async (request) => {
        const { record, qualifier } = await find(registry, request);
        const body = {
          Configuration: toFunctionConfiguration(record, qualifier),
          Code: { RepositoryType: 'S3', Location: await request.linkTo(toPackagePath(record)) },
          ...(Object.keys(record.tags).length === 0 ? {} : { Tags: record.tags }),
        };
        return { status: 200, body };
      },
    },
    {
      name: 'GetFunctionConfiguration',
      method: 'GET',
      path: `${FUNCTION}/configuration`,
      handle: async (request) => {
        const { record, qualifier } = await find(registry, request);
        return { status: 200, body: toFunctionConfiguration(record, qualifier) };
      },
    },
    {
      name: 'UpdateFunctionCode',
      method: 'PUT',
      path: `${FUNCTION}/code`,
      handle: async (request) => {
        const { input, isDryRun } = parseUpdateCode(parseMembers(request));
        const { scope } = request;
        const record = isDryRun
          ? await registry.checkCode(scope, nameOf(request), input)
          : await registry.updateCode(scope, nameOf(request), input);
        return { status: 200, body: toFunctionConfiguration(record) };
      },
    },
    {
      name: 'UpdateFunctionConfiguration',
      method: 'PUT',
      path: `${FUNCTION}/configuration`,
      handle: async (request) => {
        const input = parseUpdateConfiguration(parseMembers(request));
        const record = await registry.updateSettings(request.scope, nameOf(request), input);
        return { status: 200, body: toFunctionConfiguration(record) };
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
  const found = await registry.list(request.scope, { ...page, limit: page.limit + 1 });
  const { items, marker } = toPage(found, page, (record) => record.name);
  const shown = items.map((record) => toListedFunction(record, version === 'ALL' ? record.latest.version : undefined));
  return { status: 200, body: { Functions: shown, ...(marker === undefined ? {} : { NextMarker: marker }) } };
}

async function find(
  registry: FunctionRegistry,
  request: ApiRequest,
): Promise<{ record: FunctionRecord; qualifier?: string }> {
  const given = qualifierOf(request);
  const record = await registry.get(request.scope, nameOf(request), given);
  const qualifier = given ?? parseFunctionName(nameOf(request))?.qualifier;
  return qualifier === undefined ? { record } : { record, qualifier };
}

/** The function the path names, in any of Lambda's forms. */
export function nameOf(request: ApiRequest): string {
  const { FunctionName: name = '' } = request.params;
  return name;
}

export function qualifierOf(request: ApiRequest): string | undefined {
  return request.query.get('Qualifier') ?? undefined;
}
