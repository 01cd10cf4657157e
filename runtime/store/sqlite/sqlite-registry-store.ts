import type { FunctionKey, FunctionRecord, UrlConfigRecord, VersionRecord } from '../function-record.ts';
import type { RegistryStore } from '../registry-store.ts';
import type { Database } from './database.ts';

const WHERE_KEY = 'account_id = ? AND region = ? AND name = ?';

interface FunctionRow {
  readonly account_id: string;
  readonly region: string;
  readonly name: string;
  readonly tags: string;
  readonly record: string;
}

/** The registry's records in SQLite: keys are columns, the rest of a record is one JSON column. */
export class SqliteRegistryStore implements RegistryStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async load(): Promise<{ functions: FunctionRecord[]; urlConfigs: UrlConfigRecord[] }> {
    const functions = this.#database
      .prepare(
        `SELECT account_id, region, name, tags, record FROM function JOIN version USING (account_id, region, name)
         WHERE version = '$LATEST' ORDER BY account_id, region, name`,
      )
      .all([]) as FunctionRow[];
    const urlConfigs = this.#database.prepare('SELECT record FROM url_config ORDER BY url_id').all([]) as {
      record: string;
    }[];
    return {
      functions: functions.map((row) => ({
        accountId: row.account_id,
        region: row.region,
        name: row.name,
        tags: JSON.parse(row.tags) as Record<string, string>,
        latest: JSON.parse(row.record) as VersionRecord,
      })),
      urlConfigs: urlConfigs.map((row) => JSON.parse(row.record) as UrlConfigRecord),
    };
  }

  async createFunction(record: FunctionRecord): Promise<'stored' | 'exists'> {
    return this.#transact(() => {
      const key = keyOf(record);
      if (!this.#run('INSERT OR IGNORE INTO function VALUES (?, ?, ?, ?)', [...key, JSON.stringify(record.tags)])) {
        return 'exists';
      }
      const { version, revisionId } = record.latest;
      this.#run('INSERT INTO version VALUES (?, ?, ?, ?, ?, ?)', [
        ...key,
        version,
        revisionId,
        JSON.stringify(record.latest),
      ]);
      return 'stored';
    });
  }

  async updateVersion(key: FunctionKey, version: VersionRecord, expectedRevision: string): Promise<'stored' | 'stale'> {
    const stored = this.#run(
      `UPDATE version SET revision_id = ?, record = ? WHERE ${WHERE_KEY} AND version = ? AND revision_id = ?`,
      [version.revisionId, JSON.stringify(version), ...keyOf(key), version.version, expectedRevision],
    );
    return stored ? 'stored' : 'stale';
  }

  async deleteFunction(key: FunctionKey): Promise<'deleted' | 'missing'> {
    return this.#run(`DELETE FROM function WHERE ${WHERE_KEY}`, keyOf(key)) ? 'deleted' : 'missing';
  }

  async createUrlConfig(record: UrlConfigRecord): Promise<'stored' | 'exists' | 'missing'> {
    return this.#transact(() => {
      const key = keyOf(record);
      if (!this.#database.prepare(`SELECT 1 FROM function WHERE ${WHERE_KEY}`).get(key)) return 'missing';
      const stored = this.#run('INSERT OR IGNORE INTO url_config VALUES (?, ?, ?, ?, ?, ?)', [
        record.urlId,
        ...key,
        record.qualifier,
        JSON.stringify(record),
      ]);
      return stored ? 'stored' : 'exists';
    });
  }

  async updateUrlConfig(record: UrlConfigRecord): Promise<'stored' | 'missing'> {
    const sql = 'UPDATE url_config SET record = ? WHERE url_id = ?';
    return this.#run(sql, [JSON.stringify(record), record.urlId]) ? 'stored' : 'missing';
  }

  async deleteUrlConfig(urlId: string): Promise<'deleted' | 'missing'> {
    return this.#run('DELETE FROM url_config WHERE url_id = ?', [urlId]) ? 'deleted' : 'missing';
  }

  #run(sql: string, values: readonly string[]): boolean {
    return this.#database.prepare(sql).run([...values]).changes > 0;
  }

  #transact<T>(work: () => T): T {
    return this.#database.transaction(work).immediate() as T;
  }
}

function keyOf(key: FunctionKey): [string, string, string] {
  return [key.accountId, key.region, key.name];
}
