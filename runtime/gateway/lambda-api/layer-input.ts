import type { ObjectSource } from '../../contract/object-source.ts';
import { Constraints } from '../../registry/constraints.ts';
import type { LayerPermissionInput } from '../../registry/layer-permissions.ts';
import type { LayerFilter, PublishLayerInput } from '../../registry/layers.ts';
import { RUNTIMES } from '../../registry/runtimes.ts';
import { parseCode } from './code-input.ts';
import { type Members, parseMembers } from './members.ts';
import type { ApiRequest } from './operation.ts';

const ARCHITECTURES: readonly string[] = ['x86_64', 'arm64'];
/** Runtimes that a layer may name. */
const MOST_ITEMS = 15;
const ACTION = 'lambda:GetLayerVersion';

/** The layer the path names, by name or ARN. */
export function layerOf({ params }: ApiRequest): string {
  const { LayerName: name = '' } = params;
  return name;
}

export function versionOf({ params }: ApiRequest): number {
  const { VersionNumber: version = '' } = params;
  const constraints = new Constraints();
  constraints.matches('versionNumber', version, /^-?\d{1,15}$/, '[0-9]+');
  constraints.assertSatisfied();
  return Number(version);
}

export async function parsePublishLayer(members: Members, objects: ObjectSource): Promise<PublishLayerInput> {
  const constraints = new Constraints();
  constraints.required('content', members.raw('Content'));
  const description = members.text('Description');
  constraints.length('description', description, { max: 256 });
  const license = members.text('LicenseInfo');
  constraints.length('licenseInfo', license, { max: 512 });
  const runtimes = parseList('compatibleRuntimes', members.texts('CompatibleRuntimes'), RUNTIMES, constraints);
  const asked = members.texts('CompatibleArchitectures');
  const architectures = parseList('compatibleArchitectures', asked, ARCHITECTURES, constraints);
  constraints.assertSatisfied();
  return {
    package: await parseCode(members.nested('Content'), objects),
    description: description ?? '',
    ...(runtimes === undefined ? {} : { runtimes }),
    ...(architectures === undefined ? {} : { architectures }),
    ...(license === undefined ? {} : { license }),
  };
}

export function parseLayerFilter({ query }: ApiRequest): LayerFilter {
  const constraints = new Constraints();
  const runtime = constraints.oneOf('compatibleRuntime', query.get('CompatibleRuntime') ?? undefined, RUNTIMES);
  const asked = query.get('CompatibleArchitecture') ?? undefined;
  const architecture = constraints.oneOf('compatibleArchitecture', asked, ARCHITECTURES);
  constraints.assertSatisfied();
  return { ...(runtime === undefined ? {} : { runtime }), ...(architecture === undefined ? {} : { architecture }) };
}

export function parseLayerPermission(request: ApiRequest): LayerPermissionInput {
  const members = parseMembers(request);
  const constraints = new Constraints();
  const statementId = members.text('StatementId');
  const action = members.text('Action');
  const principal = members.text('Principal');
  const organizationId = members.text('OrganizationId');
  constraints.required('statementId', statementId);
  constraints.length('statementId', statementId, { min: 1, max: 100 });
  constraints.matches('statementId', statementId, /^([a-zA-Z0-9-_]+)$/, '([a-zA-Z0-9-_]+)');
  constraints.required('action', action);
  constraints.matches('action', action, /^lambda:GetLayerVersion$/, ACTION);
  constraints.required('principal', principal);
  const principals = '\\d{12}|\\*|arn:(aws[a-zA-Z-]*):iam::\\d{12}:root';
  constraints.matches('principal', principal, /^(\d{12}|\*|arn:aws[a-zA-Z-]*:iam::\d{12}:root)$/, principals);
  constraints.matches('organizationId', organizationId, /^o-[a-z0-9]{10,32}$/, 'o-[a-z0-9]{10,32}');
  constraints.assertSatisfied();
  const revisionId = request.query.get('RevisionId') ?? members.text('RevisionId');
  return {
    ...{ statementId: statementId ?? '', action: ACTION, principal: principal ?? '' },
    ...(organizationId === undefined ? {} : { organizationId }),
    ...(revisionId === undefined ? {} : { revisionId }),
  };
}

/** An empty list is an absent one, as for other members. */
function parseList(
  member: string,
  values: readonly string[] | undefined,
  choices: readonly string[],
  constraints: Constraints,
): readonly string[] | undefined {
  if (values === undefined || values.length === 0) return undefined;
  const shown = `[${values.join(', ')}]`;
  const most = Math.min(choices.length, MOST_ITEMS);
  if (values.length > most) {
    constraints.violated(member, shown, `Member must have length less than or equal to ${most}`);
  }
  if (values.some((value) => !choices.includes(value))) {
    const allowed = `[Member must satisfy enum value set: [${choices.join(', ')}], Member must not be null]`;
    constraints.violated(member, shown, `Member must satisfy constraint: ${allowed}`);
  }
  return values;
}
