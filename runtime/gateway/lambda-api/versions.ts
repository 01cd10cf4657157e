import { Constraints } from '../../registry/constraints.ts';
import type { FunctionRegistry } from '../../registry/function-registry.ts';
import type { PublishInput } from '../../registry/published-versions.ts';
import { toFunctionConfiguration, toListedFunction } from './function-configuration.ts';
import { nameOf } from './functions.ts';
import { type Members, parseMembers } from './members.ts';
import type { Operation } from './operation.ts';
import { parsePage, toPage } from './paging.ts';

const VERSIONS = '/2015-03-31/functions/:FunctionName/versions';
const DESCRIPTION_LENGTH = 256;

/** The operations on published versions. */
export function versionOperations(registry: FunctionRegistry): readonly Operation[] {
  return [
    {
      name: 'PublishVersion',
      method: 'POST',
      path: VERSIONS,
      handle: async (request) => {
        const input = parsePublish(parseMembers(request));
        const version = await registry.versions.publish(request.scope, nameOf(request), input);
        const record = await registry.get(request.scope, nameOf(request));
        return { status: 201, body: toFunctionConfiguration(record, version, version.version) };
      },
    },
    {
      name: 'ListVersionsByFunction',
      method: 'GET',
      path: VERSIONS,
      handle: async (request) => {
        const page = parsePage(request.query);
        await registry.get(request.scope, nameOf(request));
        const all = registry.versions.list(request.scope, nameOf(request));
        const start = page.after === undefined ? 0 : all.findIndex(({ record }) => record.version === page.after) + 1;
        const { items, marker } = toPage(all.slice(start), page, ({ record }) => record.version);
        const shown = items.map(({ key, record }) => toListedFunction(key, record, record.version));
        return { status: 200, body: { Versions: shown, ...(marker === undefined ? {} : { NextMarker: marker }) } };
      },
    },
  ];
}

function parsePublish(members: Members): PublishInput {
  const constraints = new Constraints();
  const codeSha256 = members.text('CodeSha256');
  const description = members.text('Description');
  const revisionId = members.text('RevisionId');
  constraints.length('description', description, { max: DESCRIPTION_LENGTH });
  constraints.assertSatisfied();
  return {
    ...(codeSha256 ? { codeSha256 } : {}),
    ...(description === undefined ? {} : { description }),
    ...(revisionId ? { revisionId } : {}),
  };
}
