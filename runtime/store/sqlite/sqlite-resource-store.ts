import type { ResourceKey, ResourceStore, StoredResource } from '../resource-store.ts';
import type { Database } from './database.ts';

interface ResourceRow {
  readonly account_id: string;
  readonly region: string;
  readonly id: string;
  readonly record: string;
}

/** Resources in SQLite: keys are columns, a resource is one JSON column. */
export class SqliteResourceStore implements ResourceStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list<Resource>(kind: string): Promise<StoredResource<Resource>[]> {
    const sql = 'SELECT account_id, region, id, record FROM resource WHERE kind = ? ORDER BY account_id, region, id';
    const rows = this.#database.prepare(sql).all([kind]) as ResourceRow[];
    return rows.map(({ account_id: accountId, region, id, record }) => ({
      ...{ accountId, region, id },
      resource: JSON.parse(record) as Resource,
    }));
  }

  async put<Resource>(kind: string, stored: StoredResource<Resource>): Promise<void> {
    const row = [kind, ...keyOf(stored), JSON.stringify(stored.resource)];
    this.#database.prepare('INSERT OR REPLACE INTO resource VALUES (?, ?, ?, ?, ?)').run(row);
  }

  async delete(kind: string, key: ResourceKey): Promise<'deleted' | 'missing'> {
    const sql = 'DELETE FROM resource WHERE kind = ? AND account_id = ? AND region = ? AND id = ?';
    return this.#database.prepare(sql).run([kind, ...keyOf(key)]).changes > 0 ? 'deleted' : 'missing';
  }
}

function keyOf({ accountId, region, id }: ResourceKey): [string, string, string] {
  return [accountId, region, id];
}
