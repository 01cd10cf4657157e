import type { EventQueue, QueueChanges, QueuedEvent } from '../event-queue.ts';
import { Statements } from './statements.ts';
import type { Storage } from './storage.ts';
import type { Writer } from './writer.ts';

interface EventRow {
  readonly id: number;
  readonly account_id: string;
  readonly region: string;
  readonly name: string;
  readonly qualifier: string | null;
  readonly request_id: string;
  readonly trace_id: string;
  readonly received_at: number;
  readonly failures: number;
  readonly throttles: number;
  readonly due_at: number;
  readonly bytes: number;
}

const HEAD = 'id, account_id, region, name, qualifier, request_id, trace_id, received_at, failures, throttles, due_at';

/** The queue in SQLite: one row for each event. */
export class SqliteEventQueue implements EventQueue {
  readonly #statements: Statements;
  readonly #writer: Writer;

  constructor({ database, writer }: Storage) {
    this.#statements = new Statements(database);
    this.#writer = writer;
  }

  async write({ added, progressed, removed }: QueueChanges): Promise<void> {
    await this.#writer.steps('written', [
      {
        sql: 'INSERT INTO async_event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        rows: added.map(({ queued, event }) => [...toRow(queued), new Uint8Array(event)]),
      },
      {
        sql: 'UPDATE async_event SET failures = ?, throttles = ?, due_at = ? WHERE id = ?',
        rows: progressed.map(({ id, failures, throttles, dueAt }) => [failures, throttles, dueAt, id]),
      },
      { sql: 'DELETE FROM async_event WHERE id = ?', rows: removed.map((id) => [id]) },
    ]);
  }

  async page(after: number, limit: number): Promise<QueuedEvent[]> {
    const sql = `SELECT ${HEAD}, length(event) AS bytes FROM async_event WHERE id > ? ORDER BY id LIMIT ?`;
    return this.#statements.all<EventRow>(sql, [after, limit]).map(toQueuedEvent);
  }

  async event(id: number): Promise<Uint8Array | undefined> {
    return this.#statements.get<{ event: Uint8Array }>('SELECT event FROM async_event WHERE id = ?', [id])?.event;
  }

  async summary(): Promise<{ events: number; bytes: number; lastId: number }> {
    const sql =
      'SELECT count(*) AS events, coalesce(sum(length(event)), 0) AS bytes, coalesce(max(id), 0) AS lastId FROM async_event';
    const row = this.#statements.get<{ events: number; bytes: number; lastId: number }>(sql, []);
    return { events: row?.events ?? 0, bytes: row?.bytes ?? 0, lastId: row?.lastId ?? 0 };
  }
}

function toRow(queued: QueuedEvent): (string | number | null)[] {
  const { id, scope, functionName, qualifier = null, requestId, traceId, receivedAt } = queued;
  const { failures, throttles, dueAt } = queued;
  const key = [scope.accountId, scope.region, functionName, qualifier];
  return [id, ...key, requestId, traceId, receivedAt, failures, throttles, dueAt];
}

function toQueuedEvent(row: EventRow): QueuedEvent {
  const { id, name, qualifier, bytes, failures, throttles } = row;
  return {
    ...{ id, bytes, failures, throttles, functionName: name },
    scope: { region: row.region, accountId: row.account_id },
    ...(qualifier === null ? {} : { qualifier }),
    requestId: row.request_id,
    traceId: row.trace_id,
    receivedAt: row.received_at,
    dueAt: row.due_at,
  };
}
