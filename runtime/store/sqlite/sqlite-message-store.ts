import type { MessageChanges, MessageContent, MessageHead, MessageStore, SentBefore } from '../message-store.ts';
import { Statements } from './statements.ts';
import type { Storage } from './storage.ts';
import type { Step } from './write.ts';
import type { Writer } from './writer.ts';

interface HeadRow {
  readonly id: number;
  readonly queue: string;
  readonly bytes: number;
  readonly sent_at: number;
  readonly group_id: string | null;
  readonly receives: number;
  readonly first_received_at: number;
  readonly visible_at: number;
}
interface SentRow {
  readonly queue: string;
  readonly key: string;
  readonly at: number;
  readonly id: number;
  readonly message_id: string;
}

const HEAD = 'id, queue, bytes, sent_at, group_id, receives, first_received_at, visible_at';

/** Messages in SQLite: one row for each, what it says behind what is known of it. */
export class SqliteMessageStore implements MessageStore {
  readonly #statements: Statements;
  readonly #writer: Writer;

  constructor({ database, writer }: Storage) {
    this.#statements = new Statements(database);
    this.#writer = writer;
  }

  async write(changes: MessageChanges): Promise<void> {
    const steps = toSteps(changes).filter(({ rows }) => rows.length > 0);
    if (steps.length > 0) await this.#writer.steps('written', steps);
  }

  async page(queueId: string, after: number, limit: number): Promise<MessageHead[]> {
    const sql = `SELECT ${HEAD} FROM message WHERE queue = ? AND id > ? ORDER BY id LIMIT ?`;
    return this.#statements.all<HeadRow>(sql, [queueId, after, limit]).map(toHead);
  }

  async contents(ids: readonly number[]): Promise<Map<number, MessageContent>> {
    const contents = new Map<number, MessageContent>();
    for (const id of ids) {
      const sql = 'SELECT content, origin FROM message WHERE id = ?';
      const row = this.#statements.get<{ content: string; origin: string | null }>(sql, [id]);
      if (row !== undefined) contents.set(id, { content: row.content, origin: row.origin ?? undefined });
    }
    return contents;
  }

  async sentSince(queueId: string, since: number): Promise<SentBefore[]> {
    const sql =
      'SELECT queue, key, at, id, message_id FROM message_sent_before WHERE queue = ? AND at >= ? ORDER BY at, id';
    return this.#statements
      .all<SentRow>(sql, [queueId, since])
      .map(({ queue, message_id: messageId, ...sent }) => ({ ...sent, queueId: queue, messageId }));
  }

  async summary(): Promise<{ messages: number; bytes: number; lastId: number; queueIds: string[] }> {
    const queues = this.#statements.all<{ queue: string; messages: number; bytes: number }>(
      'SELECT queue, count(*) AS messages, sum(bytes) AS bytes FROM message GROUP BY queue',
      [],
    );
    const last = this.#statements.get<{ last: number }>('SELECT last FROM message_last_id', []);
    return {
      messages: queues.reduce((sum, { messages }) => sum + messages, 0),
      bytes: queues.reduce((sum, { bytes }) => sum + bytes, 0),
      lastId: last?.last ?? 0,
      queueIds: queues.map(({ queue }) => queue),
    };
  }
}

function toSteps(changes: MessageChanges): readonly Step<never>[] {
  const { added = [], sent = [], moved = [], progressed = [], removed = [] } = changes;
  const { purged, dropped = [], forgottenBefore } = changes;
  const ids = [...added.map(({ head }) => head.id), ...moved.map(({ to }) => to.id)];
  return [
    {
      sql: 'UPDATE message_last_id SET last = max(last, ?)',
      rows: ids.length === 0 ? [] : [[Math.max(...ids)]],
    },
    {
      sql: `INSERT INTO message (${HEAD}, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      rows: added.map(({ head, content }) => [...toRow(head), content]),
    },
    {
      sql: 'INSERT OR REPLACE INTO message_sent_before VALUES (?, ?, ?, ?, ?)',
      rows: sent.map(({ queueId, key, at, id, messageId }) => [queueId, key, at, id, messageId]),
    },
    {
      sql: `UPDATE message SET (${HEAD}, origin) = (?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?`,
      rows: moved.map(({ from, to, origin }) => [...toRow(to), origin, from]),
    },
    {
      sql: 'UPDATE message SET receives = ?, first_received_at = ?, visible_at = ? WHERE id = ?',
      rows: progressed.map(({ id, receives, firstReceivedAt, visibleAt }) => [
        receives,
        firstReceivedAt,
        visibleAt,
        id,
      ]),
    },
    { sql: 'DELETE FROM message WHERE id = ?', rows: removed.map((id) => [id]) },
    {
      sql: 'DELETE FROM message WHERE queue = ? AND id <= ?',
      rows: purged === undefined ? [] : [[purged.queueId, purged.through]],
    },
    { sql: 'DELETE FROM message WHERE queue = ?', rows: dropped.map((queueId) => [queueId]) },
    { sql: 'DELETE FROM message_sent_before WHERE queue = ?', rows: dropped.map((queueId) => [queueId]) },
    {
      sql: 'DELETE FROM message_sent_before WHERE at < ?',
      rows: forgottenBefore === undefined ? [] : [[forgottenBefore]],
    },
  ];
}

function toRow(head: MessageHead): (string | number | null)[] {
  const { id, queueId, bytes, sentAt, groupId = null, receives, firstReceivedAt, visibleAt } = head;
  return [id, queueId, bytes, sentAt, groupId, receives, firstReceivedAt, visibleAt];
}

function toHead(row: HeadRow): MessageHead {
  const { id, queue: queueId, bytes, sent_at: sentAt, group_id: groupId, receives } = row;
  return {
    ...{ id, queueId, bytes, sentAt, receives },
    ...(groupId === null ? {} : { groupId }),
    ...{ firstReceivedAt: row.first_received_at, visibleAt: row.visible_at },
  };
}
