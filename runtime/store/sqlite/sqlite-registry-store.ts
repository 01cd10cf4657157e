import type { Scope } from '../../contract/scope.ts';
import type { AttachedRecord, Attachment, AttachmentKind } from '../attachment-record.ts';
import type { Cipher } from '../cipher.ts';
import type {
  AliasRecord,
  FunctionKey,
  FunctionRecord,
  StoredFunction,
  UrlConfigRecord,
  VersionRecord,
} from '../function-record.ts';
import type { RegistryStore } from '../registry-store.ts';
import { fromSealedVersion, toSealedVersion } from './sealed-version.ts';
import { Statements } from './statements.ts';
import type { Storage } from './storage.ts';
import type { Step } from './write.ts';
import type { Writer } from './writer.ts';

const LATEST = '$LATEST';
const WHERE_KEY = 'account_id = ? AND region = ? AND name = ?';
const KEY_ORDER = 'account_id, region, name';
const ATTACHED = "json_object('qualifier', qualifier, 'attachment', json(record)) AS record";

interface KeyRow {
  readonly account_id: string;
  readonly region: string;
  readonly name: string;
}
interface FunctionRow extends KeyRow {
  readonly tags: string;
  readonly last_published: number;
}
interface RecordRow extends KeyRow {
  readonly record: string;
}

/** The registry's records in SQLite: keys are columns, the rest of a record is one JSON column. Environments are sealed. */
export class SqliteRegistryStore implements RegistryStore {
  readonly #statements: Statements;
  readonly #writer: Writer;
  readonly #cipher: Cipher;

  constructor({ database, writer }: Storage, cipher: Cipher) {
    this.#statements = new Statements(database);
    this.#writer = writer;
    this.#cipher = cipher;
  }

  async find(key: FunctionKey): Promise<StoredFunction | undefined> {
    const [found] = this.#read(`WHERE ${WHERE_KEY}`, keyOf(key));
    return found;
  }

  async page(after: FunctionKey | undefined, limit: number): Promise<StoredFunction[]> {
    const from = after === undefined ? ['', '', ''] : keyOf(after);
    const last = this.#statements
      .all<KeyRow>(`SELECT ${KEY_ORDER} FROM function WHERE (${KEY_ORDER}) > (?, ?, ?) ORDER BY ${KEY_ORDER} LIMIT ?`, [
        ...from,
        limit,
      ])
      .at(-1);
    if (last === undefined) return [];
    const to = [last.account_id, last.region, last.name];
    return this.#read(`WHERE (${KEY_ORDER}) > (?, ?, ?) AND (${KEY_ORDER}) <= (?, ?, ?)`, [...from, ...to]);
  }

  async listNames({ accountId, region }: Scope, limit: number): Promise<{ name: string; hasUrl: boolean }[]> {
    const rows = this.#statements.all<{ name: string; has_url: number }>(
      `SELECT name, EXISTS (SELECT 1 FROM url_config AS url WHERE url.account_id = function.account_id
       AND url.region = function.region AND url.name = function.name) AS has_url
       FROM function WHERE account_id = ? AND region = ? ORDER BY name LIMIT ?`,
      [accountId, region, limit],
    );
    return rows.map((row) => ({ name: row.name, hasUrl: row.has_url === 1 }));
  }

  async createFunction(record: FunctionRecord): Promise<'stored' | 'exists'> {
    const row = [...keyOf(record), JSON.stringify(record.tags)];
    return this.#writer.steps<'stored' | 'exists'>('stored', [
      {
        sql: `INSERT OR IGNORE INTO function (${KEY_ORDER}, tags) VALUES (?, ?, ?, ?)`,
        rows: [row],
        otherwise: 'exists',
      },
      this.#insertVersion(record, record.latest),
    ]);
  }

  async updateTags(key: FunctionKey, tags: Readonly<Record<string, string>>): Promise<'stored' | 'missing'> {
    const row = [JSON.stringify(tags), ...keyOf(key)];
    return this.#writer.steps<'stored' | 'missing'>('stored', [
      { sql: `UPDATE function SET tags = ? WHERE ${WHERE_KEY}`, rows: [row], otherwise: 'missing' },
    ]);
  }

  async updateVersion(key: FunctionKey, version: VersionRecord, expectedRevision: string): Promise<'stored' | 'stale'> {
    const { revisionId } = version;
    const row = [revisionId, this.#seal(key, version), ...keyOf(key), version.version, expectedRevision];
    return this.#writer.steps<'stored' | 'stale'>('stored', [
      {
        sql: `UPDATE version SET revision_id = ?, record = ? WHERE ${WHERE_KEY} AND version = ? AND revision_id = ?`,
        rows: [row],
        otherwise: 'stale',
      },
    ]);
  }

  async publishVersion(key: FunctionKey, version: VersionRecord): Promise<'stored' | 'exists'> {
    const number = Number(version.version);
    return this.#writer.steps<'stored' | 'exists'>('stored', [
      {
        sql: `UPDATE function SET last_published = ? WHERE ${WHERE_KEY} AND last_published < ?`,
        rows: [[number, ...keyOf(key), number]],
        otherwise: 'exists',
      },
      this.#insertVersion(key, version),
    ]);
  }

  async deleteVersion(key: FunctionKey, version: string): Promise<'deleted' | 'missing'> {
    const rows = [[...keyOf(key), version]];
    return this.#writer.steps<'deleted' | 'missing'>('deleted', [
      { sql: `DELETE FROM attachment WHERE ${WHERE_KEY} AND qualifier = ?`, rows },
      { sql: `DELETE FROM version WHERE ${WHERE_KEY} AND version = ?`, rows, otherwise: 'missing' },
    ]);
  }

  async createAlias(record: AliasRecord): Promise<'stored' | 'exists' | 'missing'> {
    const row = [...keyOf(record), record.alias, record.revisionId, JSON.stringify(record)];
    return this.#writer.steps<'stored' | 'exists' | 'missing'>('stored', [
      findFunction(record),
      { sql: 'INSERT OR IGNORE INTO alias VALUES (?, ?, ?, ?, ?, ?)', rows: [row], otherwise: 'exists' },
    ]);
  }

  async updateAlias(record: AliasRecord, expectedRevision: string): Promise<'stored' | 'stale'> {
    const { revisionId, alias } = record;
    const row = [revisionId, JSON.stringify(record), ...keyOf(record), alias, expectedRevision];
    return this.#writer.steps<'stored' | 'stale'>('stored', [
      {
        sql: `UPDATE alias SET revision_id = ?, record = ? WHERE ${WHERE_KEY} AND alias = ? AND revision_id = ?`,
        rows: [row],
        otherwise: 'stale',
      },
    ]);
  }

  async deleteAlias(key: FunctionKey, alias: string): Promise<'deleted' | 'missing'> {
    const rows = [[...keyOf(key), alias]];
    return this.#writer.steps<'deleted' | 'missing'>('deleted', [
      { sql: `DELETE FROM url_config WHERE ${WHERE_KEY} AND qualifier = ?`, rows },
      { sql: `DELETE FROM attachment WHERE ${WHERE_KEY} AND qualifier = ?`, rows },
      { sql: `DELETE FROM alias WHERE ${WHERE_KEY} AND alias = ?`, rows, otherwise: 'missing' },
    ]);
  }

  async deleteFunction(key: FunctionKey): Promise<'deleted' | 'missing'> {
    return this.#writer.steps<'deleted' | 'missing'>('deleted', [
      { sql: `DELETE FROM function WHERE ${WHERE_KEY}`, rows: [keyOf(key)], otherwise: 'missing' },
    ]);
  }

  async createUrlConfig(record: UrlConfigRecord): Promise<'stored' | 'exists' | 'missing'> {
    const row = [record.urlId, ...keyOf(record), record.qualifier, JSON.stringify(record)];
    return this.#writer.steps<'stored' | 'exists' | 'missing'>('stored', [
      findFunction(record),
      { sql: 'INSERT OR IGNORE INTO url_config VALUES (?, ?, ?, ?, ?, ?)', rows: [row], otherwise: 'exists' },
    ]);
  }

  async updateUrlConfig(record: UrlConfigRecord): Promise<'stored' | 'missing'> {
    const row = [JSON.stringify(record), record.urlId];
    return this.#writer.steps<'stored' | 'missing'>('stored', [
      { sql: 'UPDATE url_config SET record = ? WHERE url_id = ?', rows: [row], otherwise: 'missing' },
    ]);
  }

  async deleteUrlConfig(urlId: string): Promise<'deleted' | 'missing'> {
    return this.#writer.steps<'deleted' | 'missing'>('deleted', [
      { sql: 'DELETE FROM url_config WHERE url_id = ?', rows: [[urlId]], otherwise: 'missing' },
    ]);
  }

  async putAttachment(key: FunctionKey, qualifier: string, attachment: Attachment): Promise<'stored' | 'missing'> {
    const row = [...keyOf(key), qualifier, attachment.kind, JSON.stringify(attachment)];
    return this.#writer.steps<'stored' | 'missing'>('stored', [
      findFunction(key),
      { sql: 'INSERT OR REPLACE INTO attachment VALUES (?, ?, ?, ?, ?, ?)', rows: [row] },
    ]);
  }

  async deleteAttachment(key: FunctionKey, qualifier: string, kind: AttachmentKind): Promise<'deleted' | 'missing'> {
    const sql = `DELETE FROM attachment WHERE ${WHERE_KEY} AND qualifier = ? AND kind = ?`;
    return this.#writer.steps<'deleted' | 'missing'>('deleted', [
      { sql, rows: [[...keyOf(key), qualifier, kind]], otherwise: 'missing' },
    ]);
  }

  #insertVersion(key: FunctionKey, version: VersionRecord): Step<never> {
    const row = [...keyOf(key), version.version, version.revisionId, this.#seal(key, version)];
    return { sql: 'INSERT INTO version VALUES (?, ?, ?, ?, ?, ?)', rows: [row] };
  }

  #seal(key: FunctionKey, version: VersionRecord): string {
    return toSealedVersion(this.#cipher, key, version);
  }

  /** The functions of which `where` is true, with all that belongs to them. */
  #read(where: string, values: readonly string[]): StoredFunction[] {
    const rows = this.#statements.all<FunctionRow>(
      `SELECT ${KEY_ORDER}, tags, last_published FROM function ${where} ORDER BY ${KEY_ORDER}`,
      values,
    );
    const recordsOf = (table: string, order: string, record = 'record'): RecordRow[] =>
      this.#statements.all(
        `SELECT ${KEY_ORDER}, ${record} FROM ${table} ${where} ORDER BY ${KEY_ORDER}, ${order}`,
        values,
      );
    const group = <Record>(...of: Parameters<typeof recordsOf>): Map<string, Record[]> =>
      byKey(recordsOf(...of), (row) => JSON.parse(row.record) as Record);
    const versions = byKey(recordsOf('version', 'version'), (row) =>
      fromSealedVersion(this.#cipher, toKey(row), row.record),
    );
    const aliases = group<AliasRecord>('alias', 'alias');
    const urlConfigs = group<UrlConfigRecord>('url_config', 'qualifier');
    const attached = group<AttachedRecord>('attachment', 'qualifier, kind', ATTACHED);
    return rows.map((row) => {
      const id = idOf(row);
      const owned = {
        aliases: aliases.get(id) ?? [],
        urlConfigs: urlConfigs.get(id) ?? [],
        attached: attached.get(id) ?? [],
      };
      return toStoredFunction(row, versions.get(id) ?? [], owned);
    });
  }
}

function findFunction(key: FunctionKey): Step<'missing'> {
  return { sql: `SELECT 1 FROM function WHERE ${WHERE_KEY}`, rows: [keyOf(key)], otherwise: 'missing' };
}

function toStoredFunction(
  row: FunctionRow,
  versions: readonly VersionRecord[],
  owned: Pick<StoredFunction, 'aliases' | 'urlConfigs' | 'attached'>,
): StoredFunction {
  const latest = versions.find(({ version }) => version === LATEST);
  if (latest === undefined) throw new Error(`the function ${idOf(row)} has no ${LATEST} in the database`);
  return {
    record: { ...toKey(row), tags: JSON.parse(row.tags) as Record<string, string>, latest },
    published: versions.filter((each) => each !== latest).sort((a, b) => Number(a.version) - Number(b.version)),
    lastPublished: row.last_published,
    ...owned,
  };
}

function byKey<Record>(rows: readonly RecordRow[], parse: (row: RecordRow) => Record): Map<string, Record[]> {
  const groups = new Map<string, Record[]>();
  for (const row of rows) {
    const group = groups.get(idOf(row)) ?? [];
    if (group.length === 0) groups.set(idOf(row), group);
    group.push(parse(row));
  }
  return groups;
}

function toKey(row: KeyRow): FunctionKey {
  return { accountId: row.account_id, region: row.region, name: row.name };
}

function idOf(row: KeyRow): string {
  return `${row.account_id}/${row.region}/${row.name}`;
}

function keyOf(key: FunctionKey): [string, string, string] {
  return [key.accountId, key.region, key.name];
}
