import type { FunctionVersion } from '../contract/function-version.ts';
import type { FunctionKey, VersionRecord } from '../store/function-record.ts';
import { parseFuelBudget, parseIsolation } from './environment.ts';
import { toFunctionArn } from './function-name.ts';
import { toImageName } from './image-name.ts';
import { whyNotRunnable } from './runtimes.ts';

/** A stored version as the invocation path wants it. */
export function toFunctionVersion(key: FunctionKey, record: VersionRecord): FunctionVersion {
  const environment = record.environment ?? {};
  const unrunnable = whyNotRunnable(record.runtime);
  return Object.freeze({
    arn: toFunctionArn(key),
    name: key.name,
    version: record.version,
    revision: record.runs ?? record.revisionId,
    artifact: 'artifact' in record.code ? record.code.artifact : '',
    image: toImageName(record),
    package: record.code.package,
    handler: record.handler,
    role: record.role,
    timeoutMs: record.timeoutSeconds * 1000,
    memoryMb: record.memoryMb,
    ephemeralStorageMb: record.ephemeralStorageMb,
    environment,
    logGroup: record.logging.group,
    isolation: parseIsolation(environment),
    fuelBudget: parseFuelBudget(environment),
    ...(unrunnable === undefined ? {} : { unrunnable }),
  });
}
