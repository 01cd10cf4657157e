import { LambdaError } from '../../contract/errors.ts';
import { Constraints } from '../../registry/constraints.ts';
import type { CreateFunctionInput, UpdateCodeInput } from '../../registry/function-changes.ts';
import type { VersionSettings } from '../../registry/function-registry.ts';
import type { SettingsInput } from '../../registry/settings.ts';
import { parseSettings } from './function-settings.ts';
import { isEmpty, type Members } from './members.ts';
import { assertTags } from './tags.ts';

export function parseCreateFunction(members: Members): {
  name: string;
  input: CreateFunctionInput;
  publishes: boolean;
} {
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
  const code = parseCode(members.nested('Code'));
  const { role = '' } = settings;
  const input = { package: code, architecture, settings: { ...settings, role }, tags };
  return { name: name ?? '', input, publishes: members.flag('Publish') ?? false };
}

export function parseUpdateCode(members: Members): { input: UpdateCodeInput; isDryRun: boolean; publishes: boolean } {
  const constraints = new Constraints();
  const architecture = parseArchitecture(members, constraints);
  const revisionId = members.text('RevisionId');
  constraints.assertSatisfied();
  const input = {
    package: parseCode(members),
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

function parseCode(code: Members): Uint8Array {
  if (!isEmpty(code.raw('ImageUri'))) {
    throw refused('ImageUri is not supported: upload a zip archive or a .wasm module as ZipFile.');
  }
  const zip = code.text('ZipFile');
  if (zip !== undefined) return parseBase64(zip);
  if (code.text('S3Bucket') !== undefined) {
    throw refused(
      'Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist',
    );
  }
  throw refused('Please provide a source for function code.');
}

/** Node skips what is no base64; a length that does not add up shows it. */
function parseBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  if (text.length % 4 !== 0 || bytes.length !== (text.length / 4) * 3 - padding) {
    throw new LambdaError(
      'InvalidRequestContentException',
      'Could not parse request body into json: ZipFile must be base64',
    );
  }
  return bytes;
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

function refused(message: string): LambdaError {
  return new LambdaError('InvalidParameterValueException', message);
}
