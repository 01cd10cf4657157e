import type { OutboxChanges, OutboxStore, PostedLetter } from '../outbox-store.ts';
import { Statements } from './statements.ts';
import type { Storage } from './storage.ts';
import type { Writer } from './writer.ts';

interface LetterRow {
  readonly id: number;
  readonly line: string;
  readonly in_order: number;
  readonly size: number;
  readonly posted_at: number;
  readonly attempts: number;
  readonly due_at: number;
}

const HEAD = 'id, line, in_order, size, posted_at, attempts, due_at';

/** The outbox in SQLite: one row for each letter, what it says behind what is known of it. */
export class SqliteOutboxStore implements OutboxStore {
  readonly #statements: Statements;
  readonly #writer: Writer;

  constructor({ database, writer }: Storage) {
    this.#statements = new Statements(database);
    this.#writer = writer;
  }

  async write({ added, progressed, removed }: OutboxChanges): Promise<void> {
    const marks = added.flatMap(({ mark }) => (mark === undefined ? [] : [mark]));
    const steps = [
      {
        sql: `INSERT INTO outbox (${HEAD}, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        rows: added.flatMap(({ letters }) => letters).map(({ letter, content }) => [...toRow(letter), content]),
      },
      {
        sql: 'UPDATE outbox SET attempts = ?, due_at = ? WHERE id = ?',
        rows: progressed.map(({ id, attempts, dueAt }) => [attempts, dueAt, id]),
      },
      { sql: 'DELETE FROM outbox WHERE id = ?', rows: removed.map((id) => [id]) },
      // Each is deleted first: one that is remembered and forgotten in one write stays as it was last said.
      ...marks.flatMap(({ key, at }) => [
        { sql: 'DELETE FROM outbox_mark WHERE key = ?', rows: [[key]] },
        { sql: 'INSERT INTO outbox_mark VALUES (?, ?)', rows: at === undefined ? [] : [[key, at]] },
      ]),
    ].filter(({ rows }) => rows.length > 0);
    if (steps.length > 0) await this.#writer.steps('written', steps);
  }

  async page(after: number, limit: number): Promise<PostedLetter[]> {
    const sql = `SELECT ${HEAD} FROM outbox WHERE id > ? ORDER BY id LIMIT ?`;
    return this.#statements.all<LetterRow>(sql, [after, limit]).map(toLetter);
  }

  async content(id: number): Promise<string | undefined> {
    return this.#statements.get<{ content: string }>('SELECT content FROM outbox WHERE id = ?', [id])?.content;
  }

  async summary(): Promise<{ letters: number; size: number; lastId: number }> {
    const sql =
      'SELECT count(*) AS letters, coalesce(sum(size), 0) AS size, coalesce(max(id), 0) AS lastId FROM outbox';
    const row = this.#statements.get<{ letters: number; size: number; lastId: number }>(sql, []);
    return { letters: row?.letters ?? 0, size: row?.size ?? 0, lastId: row?.lastId ?? 0 };
  }

  async marks(): Promise<Map<string, number>> {
    const rows = this.#statements.all<{ key: string; at: number }>('SELECT key, at FROM outbox_mark', []);
    return new Map(rows.map(({ key, at }) => [key, at]));
  }
}

function toRow({ id, line, inOrder, size, postedAt, attempts, dueAt }: PostedLetter): (string | number)[] {
  return [id, line, inOrder ? 1 : 0, size, postedAt, attempts, dueAt];
}

function toLetter({ in_order: inOrder, posted_at: postedAt, due_at: dueAt, ...row }: LetterRow): PostedLetter {
  return { ...row, inOrder: inOrder === 1, postedAt, dueAt };
}
