import { createHash, randomBytes } from 'node:crypto';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { FunctionKey, VersionRecord } from '../store/function-record.ts';
import { parseFuelBudget, parseIsolation } from './environment.ts';
import { toFunctionArn } from './function-name.ts';
import { toImageName } from './image-name.ts';
import { whyNotRunnable } from './runtimes.ts';

/** What makes streams of this process those of no other. */
const PROCESS = randomBytes(16);
const DAY: string = new Date().toISOString().slice(0, 10).replaceAll('-', '/');

/** A stored version as the invocation path wants it. */
export function toFunctionVersion(key: FunctionKey, record: VersionRecord): FunctionVersion {
  const environment = record.environment ?? {};
  const unrunnable = whyNotRunnable(record.runtime);
  const revision = record.runs ?? record.revisionId;
  const { group: logGroup, format, applicationLevel = 'INFO', systemLevel = 'INFO' } = record.logging;
  return Object.freeze({
    arn: toFunctionArn(key),
    name: key.name,
    version: record.version,
    revision,
    artifact: 'artifact' in record.code ? record.code.artifact : '',
    image: toImageName(record),
    package: record.code.package,
    handler: record.handler,
    role: record.role,
    timeoutMs: record.timeoutSeconds * 1000,
    memoryMb: record.memoryMb,
    ephemeralStorageMb: record.ephemeralStorageMb,
    environment,
    logGroup,
    logStream: toLogStream(record.version, revision),
    ...(format === 'JSON' ? { jsonLog: { applicationLevel, systemLevel } } : {}),
    isolation: parseIsolation(environment),
    fuelBudget: parseFuelBudget(environment),
    ...(unrunnable === undefined ? {} : { unrunnable }),
  });
}

/** As Lambda names them: a day, the version, and who wrote it. */
function toLogStream(version: string, revision: string): string {
  const writer = createHash('sha256').update(PROCESS).update(revision).digest('hex').slice(0, 32);
  return `${DAY}/[${version}]${writer}`;
}
