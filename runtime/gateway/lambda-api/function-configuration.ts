import { createHash } from 'node:crypto';
import { toCodeSha256 } from '../../registry/artifacts.ts';
import { toFunctionArn } from '../../registry/function-name.ts';
import type { FunctionRecord, Reason, VersionRecord } from '../../registry/function-registry.ts';

/** Lambda's FunctionConfiguration, whole. `qualifier` is what the caller asked with; it shows in the ARN. */
export function toFunctionConfiguration(record: FunctionRecord, qualifier?: string): Record<string, unknown> {
  const { latest } = record;
  return {
    ...toListedFunction(record, qualifier),
    RuntimeVersionConfig: { RuntimeVersionArn: runtimeVersionArn(record.region, latest.runtime) },
    State: latest.state,
    ...toReason('State', latest.stateReason),
    ...(latest.lastUpdateStatus === undefined ? {} : { LastUpdateStatus: latest.lastUpdateStatus }),
    ...toReason('LastUpdateStatus', latest.lastUpdateReason),
  };
}

/** FunctionConfiguration as lists show it: without the states and the runtime version. */
export function toListedFunction(record: FunctionRecord, qualifier?: string): Record<string, unknown> {
  const { latest } = record;
  return {
    FunctionName: record.name,
    FunctionArn: toFunctionArn(record, qualifier),
    Runtime: latest.runtime,
    Role: latest.role,
    Handler: latest.handler,
    CodeSize: latest.code.packageBytes,
    Description: latest.description,
    Timeout: latest.timeoutSeconds,
    MemorySize: latest.memoryMb,
    LastModified: toLambdaTime(latest.lastModified),
    CodeSha256: toCodeSha256(latest.code),
    Version: latest.version,
    ...(latest.deadLetterTargetArn === undefined
      ? {}
      : { DeadLetterConfig: { TargetArn: latest.deadLetterTargetArn } }),
    ...(latest.environment === undefined ? {} : { Environment: { Variables: latest.environment } }),
    ...(latest.kmsKeyArn === undefined ? {} : { KMSKeyArn: latest.kmsKeyArn }),
    TracingConfig: { Mode: latest.tracingMode },
    RevisionId: latest.revisionId,
    PackageType: 'Zip',
    Architectures: [latest.architecture],
    EphemeralStorage: { Size: latest.ephemeralStorageMb },
    SnapStart: { ApplyOn: latest.snapStart, OptimizationStatus: 'Off' },
    LoggingConfig: toLoggingConfig(latest.logging),
  };
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
function toLambdaTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '+0000');
}

function runtimeVersionArn(region: string, runtime: string): string {
  return `arn:aws:lambda:${region}::runtime:${createHash('sha256').update(runtime).digest('hex')}`;
}
