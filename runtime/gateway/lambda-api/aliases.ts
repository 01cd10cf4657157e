import { type AliasSettings, aliasArn } from '../../registry/aliases.ts';
import { Constraints } from '../../registry/constraints.ts';
import type { AliasRecord, FunctionRegistry } from '../../registry/function-registry.ts';
import { nameOf } from './functions.ts';
import { type Members, parseMembers } from './members.ts';
import type { ApiRequest, Operation } from './operation.ts';
import { parsePage, toPage } from './paging.ts';

const ALIASES = '/2015-03-31/functions/:FunctionName/aliases';
const ALIAS = `${ALIASES}/:Name`;
const DESCRIPTION_LENGTH = 256;

/** The operations on aliases. */
export function aliasOperations(registry: FunctionRegistry): readonly Operation[] {
  const { aliases } = registry;
  return [
    {
      name: 'CreateAlias',
      method: 'POST',
      path: ALIASES,
      handle: async (request) => {
        const { name, settings } = parseCreateAlias(parseMembers(request));
        return { status: 201, body: toAlias(await aliases.create(request.scope, nameOf(request), name, settings)) };
      },
    },
    {
      name: 'GetAlias',
      method: 'GET',
      path: ALIAS,
      handle: async (request) => ({
        status: 200,
        body: toAlias(aliases.get(request.scope, nameOf(request), aliasOf(request))),
      }),
    },
    {
      name: 'ListAliases',
      method: 'GET',
      path: ALIASES,
      handle: async (request) => {
        const page = parsePage(request.query);
        const all = aliases.list(request.scope, nameOf(request), request.query.get('FunctionVersion') ?? undefined);
        const rest = all.filter(({ alias }) => page.after === undefined || alias > page.after);
        const { items, marker } = toPage(rest, page, ({ alias }) => alias);
        const shown = items.map(toAlias);
        return { status: 200, body: { Aliases: shown, ...(marker === undefined ? {} : { NextMarker: marker }) } };
      },
    },
    {
      name: 'UpdateAlias',
      method: 'PUT',
      path: ALIAS,
      handle: async (request) => {
        const members = parseMembers(request);
        const revisionId = members.text('RevisionId');
        const change = { ...parseSettings(members), ...(revisionId ? { revisionId } : {}) };
        const record = await aliases.update(request.scope, nameOf(request), aliasOf(request), change);
        return { status: 200, body: toAlias(record) };
      },
    },
    {
      name: 'DeleteAlias',
      method: 'DELETE',
      path: ALIAS,
      handle: async (request) => {
        await aliases.delete(request.scope, nameOf(request), aliasOf(request));
        return { status: 204 };
      },
    },
  ];
}

function aliasOf({ params: { Name: name = '' } }: ApiRequest): string {
  return name;
}

function parseCreateAlias(members: Members): { name: string; settings: AliasSettings } {
  const constraints = new Constraints();
  const name = members.text('Name');
  constraints.required('name', name);
  constraints.required('functionVersion', members.text('FunctionVersion'));
  constraints.assertSatisfied();
  const settings = { version: '', weights: {}, description: '', ...parseSettings(members) };
  return { name: name ?? '', settings };
}

function parseSettings(members: Members): Partial<AliasSettings> {
  const constraints = new Constraints();
  const version = members.text('FunctionVersion');
  const description = members.text('Description');
  constraints.length('description', description, { max: DESCRIPTION_LENGTH });
  constraints.assertSatisfied();
  const routing = members.raw('RoutingConfig') === undefined ? undefined : members.nested('RoutingConfig');
  return {
    ...(version === undefined ? {} : { version }),
    ...(description === undefined ? {} : { description }),
    ...(routing === undefined ? {} : { weights: routing.numberMap('AdditionalVersionWeights') ?? {} }),
  };
}

function toAlias(record: AliasRecord): Record<string, unknown> {
  return {
    AliasArn: aliasArn(record),
    Name: record.alias,
    FunctionVersion: record.version,
    Description: record.description,
    ...(Object.keys(record.weights).length === 0
      ? {}
      : { RoutingConfig: { AdditionalVersionWeights: record.weights } }),
    RevisionId: record.revisionId,
  };
}
