import type { BucketStore, KeyRange, StoredBucket, StoredObject } from '../bucket-store.ts';
import { Statements } from './statements.ts';
import type { Storage } from './storage.ts';
import type { Writer } from './writer.ts';

interface BucketRow {
  readonly name: string;
  readonly settings: string;
}
interface ObjectRow {
  readonly key: ArrayBuffer;
  readonly file: string;
  readonly bytes: number;
  readonly details: string;
}

const OBJECT = 'SELECT key, file, bytes, details FROM object WHERE bucket = ?';

/** Buckets in SQLite: keys are blobs, so that they are ordered by their bytes and may hold any character. */
export class SqliteBucketStore<Settings, Details> implements BucketStore<Settings, Details> {
  readonly #statements: Statements;
  readonly #writer: Writer;

  constructor({ database, writer }: Storage) {
    this.#statements = new Statements(database);
    this.#writer = writer;
  }

  buckets(): StoredBucket<Settings>[] {
    const rows = this.#statements.all<BucketRow>('SELECT name, settings FROM bucket ORDER BY name', []);
    return rows.map(({ name, settings }) => ({ name, settings: JSON.parse(settings) as Settings }));
  }

  addBucket({ name, settings }: StoredBucket<Settings>): Promise<'added' | 'exists'> {
    return this.#writer.steps<'added' | 'exists'>('added', [
      {
        sql: 'INSERT OR IGNORE INTO bucket VALUES (?, ?)',
        rows: [[name, JSON.stringify(settings)]],
        otherwise: 'exists',
      },
    ]);
  }

  changeBucket({ name, settings }: StoredBucket<Settings>): Promise<'changed' | 'missing'> {
    return this.#writer.steps<'changed' | 'missing'>('changed', [
      {
        sql: 'UPDATE bucket SET settings = ? WHERE name = ?',
        rows: [[JSON.stringify(settings), name]],
        otherwise: 'missing',
      },
    ]);
  }

  deleteBucket(name: string): Promise<'deleted' | 'missing' | 'occupied'> {
    return this.#writer.steps<'deleted' | 'missing' | 'occupied'>('deleted', [
      { sql: 'SELECT 1 FROM bucket WHERE name = ?', rows: [[name]], otherwise: 'missing' },
      {
        sql: 'DELETE FROM bucket WHERE name = ? AND NOT EXISTS (SELECT 1 FROM object WHERE bucket = ?)',
        rows: [[name, name]],
        otherwise: 'occupied',
      },
    ]);
  }

  object(bucket: string, key: string): StoredObject<Details> | undefined {
    const row = this.#statements.get<ObjectRow>(`${OBJECT} AND key = ?`, [bucket, Buffer.from(key)]);
    return row && toObject(row);
  }

  objects(bucket: string, { from, before, limit }: KeyRange): StoredObject<Details>[] {
    const [end, ends] = before === undefined ? ['', []] : ['AND key < ?', [before]];
    const sql = `${OBJECT} AND key >= ? ${end} ORDER BY key LIMIT ?`;
    return this.#statements.all<ObjectRow>(sql, [bucket, from, ...ends, limit]).map((row) => toObject<Details>(row));
  }

  putObject(bucket: string, { key, file, bytes, details }: StoredObject<Details>): Promise<'stored' | 'no-bucket'> {
    const row = [bucket, new Uint8Array(Buffer.from(key)), file, bytes, JSON.stringify(details), bucket];
    const sql = 'INSERT OR REPLACE INTO object SELECT ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM bucket WHERE name = ?)';
    return this.#writer.steps<'stored' | 'no-bucket'>('stored', [{ sql, rows: [row], otherwise: 'no-bucket' }]);
  }

  deleteObject(bucket: string, key: string): Promise<'deleted' | 'missing'> {
    const row = [bucket, new Uint8Array(Buffer.from(key))];
    const sql = 'DELETE FROM object WHERE bucket = ? AND key = ?';
    return this.#writer.steps<'deleted' | 'missing'>('deleted', [{ sql, rows: [row], otherwise: 'missing' }]);
  }

  files(): { names: Set<string>; bytes: number } {
    const rows = this.#statements.all<{ file: string; bytes: number }>('SELECT file, bytes FROM object', []);
    return {
      names: new Set(rows.map(({ file }) => file)),
      bytes: rows.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }
}

function toObject<Details>({ key, file, bytes, details }: ObjectRow): StoredObject<Details> {
  return { key: Buffer.from(key).toString(), file, bytes, details: JSON.parse(details) as Details };
}
