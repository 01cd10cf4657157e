import { LambdaError } from '../contract/errors.ts';
import {
  EPHEMERAL_STORAGE_MB,
  MEMORY_MB,
  MIB,
  TIMEOUT_SECONDS,
  WASM_PAGE_BYTES,
  WASM32_MAX_PAGES,
} from '../contract/limits.ts';
import type { LayerUse, LoggingRecord, VersionSettings } from '../store/function-record.ts';
import { assertEnvironment } from './environment.ts';
import { assertRuntime } from './runtimes.ts';

/** Settings as a client gives them; what is absent keeps its value, or its default on creation. */
export interface SettingsInput extends Partial<Omit<VersionSettings, 'logging' | 'architecture' | 'layers'>> {
  readonly logging?: Partial<LoggingRecord>;
  /** ARNs of layer versions, in the place of all that there were. */
  readonly layers?: readonly string[];
}

/** A 32-bit memory ends here. */
export const WASM32_MB: number = (WASM32_MAX_PAGES * WASM_PAGE_BYTES) / MIB;

/** The settings of a new function. Throws LambdaError when they do not make one. */
export function createSettings(
  name: string,
  input: SettingsInput & Pick<VersionSettings, 'role'>,
  architecture: VersionSettings['architecture'],
  layers: readonly LayerUse[] = [],
): VersionSettings {
  const { runtime, handler, logging, layers: _arns, ...rest } = input;
  if (runtime === undefined || handler === undefined) {
    throw refused('Runtime and Handler are mandatory parameters for functions created with deployment packages.');
  }
  return toSettings({
    description: '',
    timeoutSeconds: TIMEOUT_SECONDS.default,
    memoryMb: MEMORY_MB.default,
    ephemeralStorageMb: EPHEMERAL_STORAGE_MB.default,
    tracingMode: 'PassThrough',
    snapStart: 'None',
    ...rest,
    runtime,
    handler,
    architecture,
    layers,
    logging: { format: 'Text', group: `/aws/lambda/${name}`, ...logging },
  });
}

/** `current` with what `input` changes, and `layers` when given. Throws LambdaError when the result is not allowed. */
export function updateSettings<T extends VersionSettings>(
  current: T,
  { layers: _arns, ...input }: SettingsInput,
  layers: readonly LayerUse[] = current.layers ?? [],
): T {
  return toSettings({ ...current, ...input, layers, logging: { ...current.logging, ...input.logging } });
}

/** Memory a guest can have of its MemorySize: a 32-bit memory ends at 4,096 MiB. */
export function guestMemoryMb(settings: VersionSettings): number {
  return Math.min(settings.memoryMb, WASM32_MB);
}

/** Asserts what no single member shows. An empty text takes an optional ARN away, as in Lambda. */
function toSettings<T extends VersionSettings>(settings: T): T {
  const { runtime, environment, kmsKeyArn, deadLetterTargetArn, layers = [], ...rest } = settings;
  assertRuntime(runtime);
  if (environment !== undefined) assertEnvironment(environment);
  return {
    ...rest,
    runtime,
    ...(environment === undefined ? {} : { environment }),
    ...(layers.length > 0 ? { layers } : {}),
    ...(kmsKeyArn ? { kmsKeyArn } : {}),
    ...(deadLetterTargetArn ? { deadLetterTargetArn } : {}),
  } as T;
}

function refused(message: string): LambdaError {
  return new LambdaError('InvalidParameterValueException', message);
}
