import type { ResourceKey, ResourceStore, StoredResource } from '../resource-store.ts';
import { Statements } from './statements.ts';
import type { Storage } from './storage.ts';
import type { Writer } from './writer.ts';

interface ResourceRow {
  readonly account_id: string;
  readonly region: string;
  readonly id: string;
  readonly record: string;
}

/** Resources in SQLite: keys are columns, a resource is one JSON column. */
export class SqliteResourceStore implements ResourceStore {
  readonly #statements: Statements;
  readonly #writer: Writer;

  constructor({ database, writer }: Storage) {
    this.#statements = new Statements(database);
    this.#writer = writer;
  }

  async list<Resource>(kind: string): Promise<StoredResource<Resource>[]> {
    const sql = 'SELECT account_id, region, id, record FROM resource WHERE kind = ? ORDER BY account_id, region, id';
    return this.#statements.all<ResourceRow>(sql, [kind]).map(({ account_id: accountId, region, id, record }) => ({
      ...{ accountId, region, id },
      resource: JSON.parse(record) as Resource,
    }));
  }

  async put<Resource>(kind: string, stored: StoredResource<Resource>): Promise<void> {
    const row = [kind, ...keyOf(stored), JSON.stringify(stored.resource)];
    await this.#writer.steps('stored', [
      { sql: 'INSERT OR REPLACE INTO resource VALUES (?, ?, ?, ?, ?)', rows: [row] },
    ]);
  }

  async delete(kind: string, key: ResourceKey): Promise<'deleted' | 'missing'> {
    const sql = 'DELETE FROM resource WHERE kind = ? AND account_id = ? AND region = ? AND id = ?';
    return this.#writer.steps<'deleted' | 'missing'>('deleted', [
      { sql, rows: [[kind, ...keyOf(key)]], otherwise: 'missing' },
    ]);
  }
}

function keyOf({ accountId, region, id }: ResourceKey): [string, string, string] {
  return [accountId, region, id];
}
