import type { Cipher } from '../cipher.ts';
import type { FunctionKey, VersionRecord } from '../function-record.ts';
import type { Database } from './database.ts';

/** A version as a row holds it: its environment is one sealed text. */
type SealedVersion = Omit<VersionRecord, 'environment'> & { readonly environment?: string };

/** The JSON of a version, its environment sealed about the function and version whose it is. */
export function toSealedVersion(cipher: Cipher, key: FunctionKey, version: VersionRecord): string {
  const { environment } = version;
  if (environment === undefined) return JSON.stringify(version);
  const sealed = cipher.seal(JSON.stringify(environment), ...about(key, version.version));
  return JSON.stringify({ ...version, environment: sealed } satisfies SealedVersion);
}

export function fromSealedVersion(cipher: Cipher, key: FunctionKey, record: string): VersionRecord {
  const { environment, ...version } = JSON.parse(record) as SealedVersion;
  if (environment === undefined) return version;
  const unsealed = cipher.unseal(environment, ...about(key, version.version));
  return { ...version, environment: JSON.parse(unsealed) as Record<string, string> };
}

interface PlainRow {
  readonly rowid: number;
  readonly account_id: string;
  readonly region: string;
  readonly name: string;
  readonly record: string;
}

/** Seals the environments that an older Isola left as they were given. Part of the caller's transaction; answers how many. */
export function sealPlainVersions(database: Database, cipher: Cipher): number {
  const rows = database
    .prepare(
      "SELECT rowid, account_id, region, name, record FROM version WHERE json_type(record, '$.environment') = 'object'",
    )
    .all([]) as PlainRow[];
  const update = database.prepare('UPDATE version SET record = ? WHERE rowid = ?');
  for (const { rowid, account_id: accountId, region, name, record } of rows) {
    const version = JSON.parse(record) as VersionRecord;
    update.run([toSealedVersion(cipher, { accountId, region, name }, version), rowid]);
  }
  return rows.length;
}

function about(key: FunctionKey, version: string): readonly string[] {
  return ['environment', key.accountId, key.region, key.name, version];
}
