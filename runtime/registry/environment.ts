import { LambdaError } from '../contract/errors.ts';
import type { Isolation } from '../contract/function-version.ts';
import { ENVIRONMENT_BYTES } from '../contract/limits.ts';

type Variables = Readonly<Record<string, string>>;

/** Variables that Lambda sets itself and lets nobody set. */
const RESERVED: readonly string[] = [
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
];
const SETTINGS: readonly string[] = ['ISOLA_FUEL', 'ISOLA_ISOLATION', 'ISOLA_WARM_UP'];

/** Throws an InvalidParameterValueException unless a function may have these variables. */
export function assertEnvironment(variables: Variables): void {
  const failed =
    'Lambda was unable to configure your environment variables because the environment variables you have provided';
  const names = Object.keys(variables);
  const reserved = names.filter((name) => RESERVED.includes(name));
  if (reserved.length > 0) {
    throw refused(
      `${failed} contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
  const measured = JSON.stringify(variables);
  if (Buffer.byteLength(measured) > ENVIRONMENT_BYTES) {
    throw refused(`${failed} exceeded the 4KB limit. String measured: ${measured.slice(0, 2 * ENVIRONMENT_BYTES)}`);
  }
  const unknown = names.find((name) => name.startsWith('ISOLA_') && !SETTINGS.includes(name));
  if (unknown !== undefined) {
    throw refused(`${unknown} is not a setting of a function. Settings are: ${SETTINGS.join(', ')}.`);
  }
  parseIsolation(variables);
  parseFuelBudget(variables);
  parseWarmUp(variables);
}

/** `ISOLA_ISOLATION`: `invocation` unless the function asks for Lambda's classic reuse. */
export function parseIsolation(variables: Variables): Isolation {
  const { ISOLA_ISOLATION: value = 'invocation' } = variables;
  if (value === 'invocation' || value === 'environment') return value;
  throw refused(`ISOLA_ISOLATION=${value} is not usable: it must be invocation or environment.`);
}

/** `ISOLA_FUEL`: the units one invocation may burn; without it only the timeout ends an invocation. */
export function parseFuelBudget(variables: Variables): number {
  const { ISOLA_FUEL: value } = variables;
  if (value === undefined) return Number.POSITIVE_INFINITY;
  const budget = Number(value);
  if (/^[1-9]\d*$/.test(value) && Number.isSafeInteger(budget)) return budget;
  throw refused(`ISOLA_FUEL=${value} is not usable: it must be a whole number from 1 to ${Number.MAX_SAFE_INTEGER}.`);
}

/** `ISOLA_WARM_UP`: an event that the handler is given once, when the function is deployed; what it leaves is in the image. */
export function parseWarmUp(variables: Variables): string | undefined {
  const { ISOLA_WARM_UP: value } = variables;
  if (value === undefined) return undefined;
  try {
    JSON.parse(value);
    return value;
  } catch {
    throw refused('ISOLA_WARM_UP is not usable: it must be an event, as JSON.');
  }
}

function refused(message: string): LambdaError {
  return new LambdaError('InvalidParameterValueException', message);
}
