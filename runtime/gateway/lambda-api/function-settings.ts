import { LambdaError } from '../../contract/errors.ts';
import { EPHEMERAL_STORAGE_MB, MEMORY_MB, TIMEOUT_SECONDS } from '../../contract/limits.ts';
import type { Constraints } from '../../registry/constraints.ts';
import type { LoggingRecord } from '../../registry/function-registry.ts';
import type { SettingsInput } from '../../registry/settings.ts';
import { isEmpty, type Members } from './members.ts';

const ROLE = /^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/;
const ROLE_SHOWN = 'arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+';
const ANY_ARN = /^(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*|)$/;
const VARIABLE = /^[a-zA-Z]([a-zA-Z0-9_])+$/;
/** What Lambda has and Isola does not; asking for it is refused rather than forgotten. */
const UNSUPPORTED: readonly string[] = [
  'CapacityProviderConfig',
  'CodeSigningConfigArn',
  'DurableConfig',
  'FileSystemConfigs',
  'ImageConfig',
  'PublishTo',
  'TenancyConfig',
  'VpcConfig',
];

/** Reads the settings that CreateFunction and UpdateFunctionConfiguration share; what is wrong goes to `constraints`. */
export function parseSettings(members: Members, constraints: Constraints): SettingsInput {
  assertSupported(members, constraints);
  const role = members.text('Role');
  constraints.matches('role', role, ROLE, ROLE_SHOWN);
  const runtime = members.text('Runtime');
  const handler = members.text('Handler');
  constraints.length('handler', handler, { max: 128 });
  constraints.matches('handler', handler, /^[^\s]+$/, '[^\\s]+');
  const description = members.text('Description');
  constraints.length('description', description, { max: 256 });
  const timeoutSeconds = members.integer('Timeout');
  constraints.range('timeout', timeoutSeconds, TIMEOUT_SECONDS);
  const memoryMb = members.integer('MemorySize');
  constraints.range('memorySize', memoryMb, MEMORY_MB);
  const ephemeralStorageMb = members.nested('EphemeralStorage').integer('Size');
  constraints.range('ephemeralStorage.size', ephemeralStorageMb, EPHEMERAL_STORAGE_MB);
  const kmsKeyArn = members.text('KMSKeyArn');
  constraints.matches('kMSKeyArn', kmsKeyArn, ANY_ARN);
  const deadLetterTargetArn = members.nested('DeadLetterConfig').text('TargetArn');
  constraints.matches('deadLetterConfig.targetArn', deadLetterTargetArn, ANY_ARN);
  const tracing = members.nested('TracingConfig').text('Mode');
  const tracingMode = constraints.oneOf('tracingConfig.mode', tracing, ['Active', 'PassThrough']);
  const applyOn = members.nested('SnapStart').text('ApplyOn');
  const snapStart = constraints.oneOf('snapStart.applyOn', applyOn, ['PublishedVersions', 'None']);
  const environment = parseEnvironment(members, constraints);
  return defined({
    role,
    runtime,
    handler,
    description,
    timeoutSeconds,
    memoryMb,
    ephemeralStorageMb,
    kmsKeyArn,
    deadLetterTargetArn,
    tracingMode,
    snapStart,
    environment,
    layers: members.texts('Layers'),
    logging: parseLogging(members.nested('LoggingConfig'), constraints),
  });
}

function parseEnvironment(members: Members, constraints: Constraints): Readonly<Record<string, string>> | undefined {
  if (members.raw('Environment') === undefined) return undefined;
  const variables = members.nested('Environment').textMap('Variables') ?? {};
  if (!Object.keys(variables).every((name) => VARIABLE.test(name))) {
    constraints.violatedUnseen(
      'environment.variables',
      'Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]',
    );
  }
  return variables;
}

function parseLogging(members: Members, constraints: Constraints): Partial<LoggingRecord> {
  const group = members.text('LogGroup');
  constraints.length('loggingConfig.logGroup', group, { min: 1, max: 512 });
  constraints.matches('loggingConfig.logGroup', group, /^[.\-_/#A-Za-z0-9]+$/, '[\\.\\-_/#A-Za-z0-9]+');
  const format = constraints.oneOf('loggingConfig.logFormat', members.text('LogFormat'), ['JSON', 'Text']);
  const application = members.text('ApplicationLogLevel');
  const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
  const applicationLevel = constraints.oneOf('loggingConfig.applicationLogLevel', application, levels);
  const system = members.text('SystemLogLevel');
  const systemLevel = constraints.oneOf('loggingConfig.systemLogLevel', system, ['DEBUG', 'INFO', 'WARN']);
  return defined({ format, applicationLevel, systemLevel, group });
}

function assertSupported(members: Members, constraints: Constraints): void {
  const packageType = constraints.oneOf('packageType', members.text('PackageType'), ['Image', 'Zip']);
  if (packageType === 'Image') {
    throw refused('PackageType Image is not supported: upload a zip archive or a .wasm module as ZipFile.');
  }
  const unsupported = UNSUPPORTED.find((name) => !isEmpty(members.raw(name)));
  if (unsupported !== undefined) throw refused(`${unsupported} is not supported: leave it out.`);
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The members that are there. */
function defined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>;
}

function refused(message: string): LambdaError {
  return new LambdaError('InvalidParameterValueException', message);
}
