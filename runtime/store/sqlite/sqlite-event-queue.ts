import type { EventQueue, QueueChanges, QueuedEvent } from '../event-queue.ts';
import type { Database } from './database.ts';

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
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async write({ added, progressed, removed }: QueueChanges): Promise<void> {
    const database = this.#database;
    database
      .transaction(() => {
        const insert = database.prepare('INSERT INTO async_event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
        for (const { queued, event } of added) insert.run([...toRow(queued), Buffer.from(event)]);
        const update = database.prepare('UPDATE async_event SET failures = ?, throttles = ?, due_at = ? WHERE id = ?');
        for (const { id, failures, throttles, dueAt } of progressed) update.run([failures, throttles, dueAt, id]);
        const remove = database.prepare('DELETE FROM async_event WHERE id = ?');
        for (const id of removed) remove.run([id]);
      })
      .immediate();
  }

  async page(after: number, limit: number): Promise<QueuedEvent[]> {
    const sql = `SELECT ${HEAD}, length(event) AS bytes FROM async_event WHERE id > ? ORDER BY id LIMIT ?`;
    return (this.#database.prepare(sql).all([after, limit]) as EventRow[]).map(toQueuedEvent);
  }

  async event(id: number): Promise<Uint8Array | undefined> {
    const row = this.#database.prepare('SELECT event FROM async_event WHERE id = ?').get([id]);
    return (row as { readonly event: Uint8Array } | undefined)?.event;
  }

  async summary(): Promise<{ events: number; bytes: number; lastId: number }> {
    const sql =
      'SELECT count(*) AS events, coalesce(sum(length(event)), 0) AS bytes, coalesce(max(id), 0) AS lastId FROM async_event';
    const row = this.#database.prepare(sql).get([]) as { events: number; bytes: number; lastId: number };
    return { events: row.events, bytes: row.bytes, lastId: row.lastId };
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
