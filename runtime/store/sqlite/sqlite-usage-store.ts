import type { Scope } from '../../contract/scope.ts';
import type { FunctionUsage } from '../../contract/usage.ts';
import type { UsageStore } from '../usage-store.ts';
import { Statements } from './statements.ts';
import type { Storage } from './storage.ts';
import type { Writer } from './writer.ts';

interface UsageRow {
  readonly day: string;
  readonly name: string;
  readonly requests: number;
  readonly errors: number;
  readonly throttles: number;
  readonly billed_ms: number;
  readonly gb_seconds: number;
  readonly fuel: number;
}

const SUMS = ['requests', 'errors', 'throttles', 'billed_ms', 'gb_seconds', 'fuel'];
const ADD = `INSERT INTO usage VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET ${SUMS.map(
  (sum) => `${sum} = ${sum} + excluded.${sum}`,
).join(', ')}`;

/** Usage in SQLite: one row for each function and day. */
export class SqliteUsageStore implements UsageStore {
  readonly #statements: Statements;
  readonly #writer: Writer;

  constructor({ database, writer }: Storage) {
    this.#statements = new Statements(database);
    this.#writer = writer;
  }

  async add(usage: readonly FunctionUsage[]): Promise<void> {
    const rows = usage.map((each) => [
      ...[each.accountId, each.region, each.day, each.functionName, each.requests, each.errors, each.throttles],
      ...[each.billedMs, each.gbSeconds, each.fuel],
    ]);
    await this.#writer.steps('added', [{ sql: ADD, rows }]);
  }

  async read({ accountId, region }: Scope, since: string): Promise<FunctionUsage[]> {
    const sql = `SELECT day, name, ${SUMS.join(', ')} FROM usage
      WHERE account_id = ? AND region = ? AND day >= ? ORDER BY day DESC, name`;
    return this.#statements
      .all<UsageRow>(sql, [accountId, region, since])
      .map(({ name, billed_ms: billedMs, gb_seconds: gbSeconds, ...row }) => ({
        ...{ accountId, region, ...row, functionName: name, billedMs, gbSeconds },
      }));
  }

  async forget(before: string): Promise<void> {
    await this.#writer.steps('forgotten', [{ sql: 'DELETE FROM usage WHERE day < ?', rows: [[before]] }]);
  }
}
