import { KV_ENTRY_BYTES } from '../../contract/limits.ts';
import type { KvChange, KvChanged, KvLimits, KvNamespace } from '../kv-store.ts';
import type { Statements } from './statements.ts';

interface NamespaceRow {
  readonly id: number;
  readonly bytes: number;
  readonly last_version: number;
}
interface EntryRow {
  readonly version: number;
  readonly bytes: number;
}

/** Makes one change of a value, as part of the caller's transaction. */
export function changeValue(statements: Statements, change: KvChange, limits: KvLimits): KvChanged {
  const { at, ifVersion } = change;
  const key = Buffer.from(change.key);
  const space = openNamespace(statements, at);
  const old = statements.get<EntryRow>(
    'SELECT version, length(value) AS bytes FROM kv_entry WHERE namespace = ? AND key = ?',
    [space.id, key],
  );
  const current = old?.version ?? 0;
  if (ifVersion !== undefined && ifVersion !== current) return { kind: 'conflict', version: current };
  const before = old ? sizeOf(key, old.bytes) : 0;
  if (change.kind === 'delete') {
    if (!old) return { kind: 'changed', version: 0, existed: false };
    statements.run('DELETE FROM kv_entry WHERE namespace = ? AND key = ?', [space.id, key]);
    account(statements, space, -before);
    return { kind: 'changed', version: 0, existed: true };
  }
  const growth = sizeOf(key, change.value.byteLength) - before;
  const limit = growth > 0 ? whyFull(statements, at, { space, growth, limits }) : undefined;
  if (limit) return { kind: 'full', limit };
  const version = space.last_version + 1;
  const row = [space.id, key, version, change.value];
  statements.run('INSERT OR REPLACE INTO kv_entry (namespace, key, version, value) VALUES (?, ?, ?, ?)', row);
  account(statements, space, growth);
  return { kind: 'changed', version, existed: old !== undefined };
}

function openNamespace(statements: Statements, { accountId, region, namespace }: KvNamespace): NamespaceRow {
  const row = [accountId, region, namespace];
  const sql = 'SELECT id, bytes, last_version FROM kv_namespace WHERE account_id = ? AND region = ? AND name = ?';
  const found = statements.get<NamespaceRow>(sql, row);
  if (found) return found;
  statements.run('INSERT INTO kv_namespace (account_id, region, name) VALUES (?, ?, ?)', row);
  return statements.get<NamespaceRow>(sql, row) as NamespaceRow;
}

function whyFull(
  statements: Statements,
  at: KvNamespace,
  { space, growth, limits }: { space: NamespaceRow; growth: number; limits: KvLimits },
): 'namespace' | 'account' | undefined {
  if (space.bytes + growth > limits.namespaceBytes) return 'namespace';
  const sql = 'SELECT SUM(bytes) AS bytes FROM kv_namespace WHERE account_id = ? AND region = ?';
  const all = statements.get<{ bytes: number }>(sql, [at.accountId, at.region])?.bytes ?? 0;
  return all + growth > limits.accountBytes ? 'account' : undefined;
}

function account(statements: Statements, space: NamespaceRow, growth: number): void {
  const sql = 'UPDATE kv_namespace SET bytes = bytes + ?, last_version = last_version + 1 WHERE id = ?';
  statements.run(sql, [growth, space.id]);
}

function sizeOf(key: Buffer, valueBytes: number): number {
  return key.byteLength + valueBytes + KV_ENTRY_BYTES;
}
