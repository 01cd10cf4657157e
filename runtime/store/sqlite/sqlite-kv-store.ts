import { KV_ENTRY_BYTES } from '../../contract/limits.ts';
import type { KvChange, KvChanged, KvEntry, KvKey, KvLimits, KvNamespace, KvStore } from '../kv-store.ts';
import type { Database } from './database.ts';

const WHERE_NAMESPACE = 'account_id = ? AND region = ? AND name = ?';
const WHERE_ENTRY = `namespace = (SELECT id FROM kv_namespace WHERE ${WHERE_NAMESPACE})`;

type Statement = ReturnType<Database['prepare']>;

interface NamespaceRow {
  readonly id: number;
  readonly bytes: number;
  readonly last_version: number;
}
interface EntryRow {
  readonly version: number;
  readonly bytes: number;
}

/** Values in SQLite: keys are blobs, so that they are ordered by their bytes and may hold any character. */
export class SqliteKvStore implements KvStore {
  readonly #database: Database;
  readonly #limits: KvLimits;
  readonly #statements = new Map<string, Statement>();

  constructor(database: Database, limits: KvLimits) {
    this.#database = database;
    this.#limits = limits;
  }

  async get(at: KvNamespace, key: string): Promise<KvEntry | undefined> {
    const sql = `SELECT version, value FROM kv_entry WHERE ${WHERE_ENTRY} AND key = ?`;
    const row = this.#get<{ version: number; value: ArrayBuffer }>(sql, [...rowOf(at), Buffer.from(key)]);
    return row && { value: new Uint8Array(row.value), version: row.version };
  }

  async list(at: KvNamespace, range: { prefix: string; after: string; limit: number }): Promise<KvKey[]> {
    const prefix = Buffer.from(range.prefix);
    const after = Buffer.from(range.after);
    const [from, isBehind] = Buffer.compare(after, prefix) < 0 ? [prefix, '>='] : [after, range.after ? '>' : '>='];
    const end = endOf(prefix);
    const rows = this.#prepare(
      `SELECT key, version, length(value) AS bytes FROM kv_entry
         WHERE ${WHERE_ENTRY} AND key ${isBehind} ? ${end ? 'AND key < ?' : ''} ORDER BY key LIMIT ?`,
    ).all([...rowOf(at), from, ...(end ? [end] : []), range.limit]) as (EntryRow & { key: ArrayBuffer })[];
    return rows.map(({ key, version, bytes }) => ({ key: Buffer.from(key).toString(), version, bytes }));
  }

  async apply(changes: readonly KvChange[]): Promise<KvChanged[]> {
    return this.#database.transaction(() => changes.map((change) => this.#apply(change))).immediate() as KvChanged[];
  }

  #apply(change: KvChange): KvChanged {
    const { at, ifVersion } = change;
    const key = Buffer.from(change.key);
    const space = this.#namespace(at);
    const old = this.#get<EntryRow>(
      'SELECT version, length(value) AS bytes FROM kv_entry WHERE namespace = ? AND key = ?',
      [space.id, key],
    );
    const current = old?.version ?? 0;
    if (ifVersion !== undefined && ifVersion !== current) return { kind: 'conflict', version: current };
    const before = old ? sizeOf(key, old.bytes) : 0;
    if (change.kind === 'delete') {
      if (!old) return { kind: 'changed', version: 0, existed: false };
      this.#run('DELETE FROM kv_entry WHERE namespace = ? AND key = ?', [space.id, key]);
      this.#account(space, -before);
      return { kind: 'changed', version: 0, existed: true };
    }
    const growth = sizeOf(key, change.value.byteLength) - before;
    const limit = growth > 0 ? this.#whyFull(at, space, growth) : undefined;
    if (limit) return { kind: 'full', limit };
    const version = space.last_version + 1;
    const row = [space.id, key, version, Buffer.from(change.value)];
    this.#run('INSERT OR REPLACE INTO kv_entry (namespace, key, version, value) VALUES (?, ?, ?, ?)', row);
    this.#account(space, growth);
    return { kind: 'changed', version, existed: old !== undefined };
  }

  #namespace(at: KvNamespace): NamespaceRow {
    const sql = `SELECT id, bytes, last_version FROM kv_namespace WHERE ${WHERE_NAMESPACE}`;
    const row = rowOf(at);
    this.#run('INSERT OR IGNORE INTO kv_namespace (account_id, region, name) VALUES (?, ?, ?)', row);
    return this.#get<NamespaceRow>(sql, row) as NamespaceRow;
  }

  #whyFull(at: KvNamespace, space: NamespaceRow, growth: number): 'namespace' | 'account' | undefined {
    if (space.bytes + growth > this.#limits.namespaceBytes) return 'namespace';
    const sql = 'SELECT SUM(bytes) AS bytes FROM kv_namespace WHERE account_id = ? AND region = ?';
    const all = this.#get<{ bytes: number }>(sql, [at.accountId, at.region])?.bytes ?? 0;
    return all + growth > this.#limits.accountBytes ? 'account' : undefined;
  }

  #account(space: NamespaceRow, growth: number): void {
    const sql = 'UPDATE kv_namespace SET bytes = bytes + ?, last_version = last_version + 1 WHERE id = ?';
    this.#run(sql, [growth, space.id]);
  }

  #get<Row>(sql: string, values: readonly (string | number | Buffer)[]): Row | undefined {
    return this.#prepare(sql).get([...values]) as Row | undefined;
  }

  /** Statements are few and prepared once. */
  #prepare(sql: string): Statement {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #run(sql: string, values: readonly (string | number | Buffer)[]): void {
    this.#prepare(sql).run([...values]);
  }
}

function rowOf({ accountId, region, namespace }: KvNamespace): [string, string, string] {
  return [accountId, region, namespace];
}

function sizeOf(key: Buffer, valueBytes: number): number {
  return key.byteLength + valueBytes + KV_ENTRY_BYTES;
}

/** The first bytes that come behind everything that begins with `prefix`; undefined when nothing does. */
function endOf(prefix: Buffer): Buffer | undefined {
  const last = prefix.findLastIndex((byte) => byte < 0xff);
  if (last < 0) return undefined;
  const end = Buffer.from(prefix.subarray(0, last + 1));
  end[last] = (end[last] as number) + 1;
  return end;
}
