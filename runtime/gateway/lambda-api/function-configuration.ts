import { createHash } from 'node:crypto';
import { toCodeSha256 } from '../../registry/artifacts.ts';
import { LATEST, toFunctionArn } from '../../registry/function-name.ts';
import type { FunctionKey, LayerUse, Reason, VersionRecord } from '../../registry/function-registry.ts';

/** Lambda's FunctionConfiguration, whole. `qualifier` is what the caller asked with; it shows in the ARN. */
export function toFunctionConfiguration(
  key: FunctionKey,
  version: VersionRecord,
  qualifier?: string,
): Record<string, unknown> {
  return {
    ...toListedFunction(key, version, qualifier),
    RuntimeVersionConfig: { RuntimeVersionArn: runtimeVersionArn(key.region, version.runtime) },
    State: version.state,
    ...toReason('State', version.stateReason),
    ...(version.lastUpdateStatus === undefined ? {} : { LastUpdateStatus: version.lastUpdateStatus }),
    ...toReason('LastUpdateStatus', version.lastUpdateReason),
  };
}

/** FunctionConfiguration as lists show it: without the states and the runtime version. */
export function toListedFunction(
  key: FunctionKey,
  version: VersionRecord,
  qualifier?: string,
): Record<string, unknown> {
  return {
    FunctionName: key.name,
    FunctionArn: toFunctionArn(key, qualifier),
    Runtime: version.runtime,
    Role: version.role,
    Handler: version.handler,
    CodeSize: version.code.packageBytes,
    Description: version.description,
    Timeout: version.timeoutSeconds,
    MemorySize: version.memoryMb,
    LastModified: toLambdaTime(version.lastModified),
    CodeSha256: toCodeSha256(version.code),
    Version: version.version,
    ...(version.deadLetterTargetArn === undefined
      ? {}
      : { DeadLetterConfig: { TargetArn: version.deadLetterTargetArn } }),
    ...(version.environment === undefined ? {} : { Environment: { Variables: version.environment } }),
    ...(version.kmsKeyArn === undefined ? {} : { KMSKeyArn: version.kmsKeyArn }),
    TracingConfig: { Mode: version.tracingMode },
    RevisionId: version.revisionId,
    ...(version.layers === undefined ? {} : { Layers: version.layers.map(toLayer) }),
    PackageType: 'Zip',
    Architectures: [version.architecture],
    EphemeralStorage: { Size: version.ephemeralStorageMb },
    SnapStart: { ApplyOn: version.snapStart, OptimizationStatus: toOptimizationStatus(version) },
    LoggingConfig: toLoggingConfig(version.logging),
  };
}

/** Every version starts from an image; it is told where it was asked for, as Lambda tells it, of what is published. */
function toOptimizationStatus({ snapStart, version }: VersionRecord): 'On' | 'Off' {
  return snapStart === 'PublishedVersions' && version !== LATEST ? 'On' : 'Off';
}

function toLayer({ arn, packageBytes }: LayerUse): Record<string, unknown> {
  return { Arn: arn, CodeSize: packageBytes };
}

function toLoggingConfig(logging: VersionRecord['logging']): Record<string, string> {
  const isJson = logging.format === 'JSON';
  return {
    LogFormat: logging.format,
    ...(isJson ? { ApplicationLogLevel: logging.applicationLevel ?? 'INFO' } : {}),
    ...(isJson ? { SystemLogLevel: logging.systemLevel ?? 'INFO' } : {}),
    LogGroup: logging.group,
  };
}

function toReason(member: 'State' | 'LastUpdateStatus', reason: Reason | undefined): Record<string, string> {
  if (reason === undefined) return {};
  return {
    [`${member}Reason`]: reason.text,
    ...(reason.code === undefined ? {} : { [`${member}ReasonCode`]: reason.code }),
  };
}

/** `2020-04-10T19:06:32.563+0000` */
export function toLambdaTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '+0000');
}

function runtimeVersionArn(region: string, runtime: string): string {
  return `arn:aws:lambda:${region}::runtime:${createHash('sha256').update(runtime).digest('hex')}`;
}
