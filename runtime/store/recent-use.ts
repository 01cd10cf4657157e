import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A version that was used: its function's ARN, and `$LATEST` or a number. */
export interface UsedVersion {
  readonly arn: string;
  readonly version: string;
}

const fileOf = (dataDir: string): string => join(dataDir, 'recent.json');

/** What was used before this process started, the last one first; nothing when that is not known. It only saves time. */
export async function readRecentUse(dataDir: string): Promise<readonly UsedVersion[]> {
  try {
    const value: unknown = JSON.parse(await readFile(fileOf(dataDir), 'utf8'));
    return Array.isArray(value) ? value.filter(isUsedVersion) : [];
  } catch {
    return [];
  }
}

/** Replaces the whole file at once, without waiting for the disk: losing it costs a few milliseconds of the next start. */
export async function writeRecentUse(dataDir: string, used: readonly UsedVersion[]): Promise<void> {
  const aside = `${fileOf(dataDir)}.new`;
  await writeFile(aside, JSON.stringify(used.map(({ arn, version }) => ({ arn, version }))), { mode: 0o600 });
  await rename(aside, fileOf(dataDir));
}

function isUsedVersion(value: unknown): value is UsedVersion {
  const { arn, version } = (value ?? {}) as Partial<Record<keyof UsedVersion, unknown>>;
  return typeof arn === 'string' && typeof version === 'string';
}
