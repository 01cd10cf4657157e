import type { KvChange, KvChanged, KvEntry, KvKey, KvLimits, KvNamespace, KvStore } from '../kv-store.ts';
import { endOf } from '../prefix-end.ts';
import { Statements } from './statements.ts';
import type { Storage } from './storage.ts';
import type { Writer } from './writer.ts';

const WHERE_NAMESPACE = 'account_id = ? AND region = ? AND name = ?';
const WHERE_ENTRY = `namespace = (SELECT id FROM kv_namespace WHERE ${WHERE_NAMESPACE})`;

interface EntryRow {
  readonly key: ArrayBuffer;
  readonly version: number;
  readonly bytes: number;
}

/** Values in SQLite: keys are blobs, so that they are ordered by their bytes and may hold any character. */
export class SqliteKvStore implements KvStore {
  readonly #statements: Statements;
  readonly #writer: Writer;
  readonly #limits: KvLimits;

  constructor({ database, writer }: Storage, limits: KvLimits) {
    this.#statements = new Statements(database);
    this.#writer = writer;
    this.#limits = limits;
  }

  async get(at: KvNamespace, key: string): Promise<KvEntry | undefined> {
    const sql = `SELECT version, value FROM kv_entry WHERE ${WHERE_ENTRY} AND key = ?`;
    const row = this.#statements.get<{ version: number; value: ArrayBuffer }>(sql, [...rowOf(at), Buffer.from(key)]);
    return row && { value: new Uint8Array(row.value), version: row.version };
  }

  async list(at: KvNamespace, range: { prefix: string; after: string; limit: number }): Promise<KvKey[]> {
    const prefix = Buffer.from(range.prefix);
    const after = Buffer.from(range.after);
    const [from, isBehind] = Buffer.compare(after, prefix) < 0 ? [prefix, '>='] : [after, range.after ? '>' : '>='];
    const end = endOf(prefix);
    const rows = this.#statements.all<EntryRow>(
      `SELECT key, version, length(value) AS bytes FROM kv_entry
         WHERE ${WHERE_ENTRY} AND key ${isBehind} ? ${end ? 'AND key < ?' : ''} ORDER BY key LIMIT ?`,
      [...rowOf(at), from, ...(end ? [end] : []), range.limit],
    );
    return rows.map(({ key, version, bytes }) => ({ key: Buffer.from(key).toString(), version, bytes }));
  }

  async apply(changes: readonly KvChange[]): Promise<readonly KvChanged[]> {
    return this.#writer.values(changes.map(toSent), this.#limits);
  }
}

function rowOf({ accountId, region, namespace }: KvNamespace): [string, string, string] {
  return [accountId, region, namespace];
}

/** A value of its own: a view of a larger buffer would be sent with all of that. */
function toSent(change: KvChange): KvChange {
  return change.kind === 'put' ? { ...change, value: new Uint8Array(change.value) } : change;
}
