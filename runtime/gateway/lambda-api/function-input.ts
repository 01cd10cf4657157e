import type { ObjectSource } from '../../contract/object-source.ts';
import { Constraints } from '../../registry/constraints.ts';
import type { CreateFunctionInput, UpdateCodeInput } from '../../registry/function-changes.ts';
import type { VersionSettings } from '../../registry/function-registry.ts';
import type { SettingsInput } from '../../registry/settings.ts';
import { parseCode } from './code-input.ts';
import { parseSettings } from './function-settings.ts';
import type { Members } from './members.ts';
import { assertTags } from './tags.ts';

export async function parseCreateFunction(
  members: Members,
  objects: ObjectSource,
): Promise<{ name: string; input: CreateFunctionInput; publishes: boolean }> {
  const constraints = new Constraints();
  const name = members.text('FunctionName');
  constraints.required('functionName', name);
  constraints.required('role', members.text('Role'));
  constraints.required('code', members.raw('Code'));
  const settings = parseSettings(members, constraints);
  const architecture = parseArchitecture(members, constraints) ?? 'x86_64';
  const tags = members.textMap('Tags') ?? {};
  assertTags(tags, constraints);
  constraints.assertSatisfied();
  const code = await parseCode(members.nested('Code'), objects);
  const { role = '' } = settings;
  const input = { package: code, architecture, settings: { ...settings, role }, tags };
  return { name: name ?? '', input, publishes: members.flag('Publish') ?? false };
}

export async function parseUpdateCode(
  members: Members,
  objects: ObjectSource,
): Promise<{ input: UpdateCodeInput; isDryRun: boolean; publishes: boolean }> {
  const constraints = new Constraints();
  const architecture = parseArchitecture(members, constraints);
  const revisionId = members.text('RevisionId');
  constraints.assertSatisfied();
  const input = {
    package: await parseCode(members, objects),
    ...(architecture === undefined ? {} : { architecture }),
    ...(revisionId === undefined ? {} : { revisionId }),
  };
  return { input, isDryRun: members.flag('DryRun') ?? false, publishes: members.flag('Publish') ?? false };
}

export function parseUpdateConfiguration(members: Members): { settings: SettingsInput; revisionId?: string } {
  const constraints = new Constraints();
  const settings = parseSettings(members, constraints);
  constraints.assertSatisfied();
  const revisionId = members.text('RevisionId');
  return revisionId === undefined ? { settings } : { settings, revisionId };
}

function parseArchitecture(members: Members, constraints: Constraints): VersionSettings['architecture'] | undefined {
  const architectures = members.texts('Architectures') ?? [];
  const [first] = architectures.map((architecture) =>
    constraints.oneOf<VersionSettings['architecture']>('architectures', architecture, ['x86_64', 'arm64']),
  );
  if (architectures.length > 1) {
    constraints.violated(
      'architectures',
      `[${architectures.join(', ')}]`,
      'Member must have length less than or equal to 1',
    );
  }
  return first;
}
