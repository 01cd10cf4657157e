import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatabaseError, openDatabase } from '../../runtime/store/sqlite/database.ts';
import { MIGRATIONS } from '../../runtime/store/sqlite/migrations.ts';

describe('the database', () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'isola-db-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('is made with its directory, in WAL mode, flushed at every commit, with foreign keys', () => {
    const database = openDatabase(join(directory, 'deep', 'isola.db'));
    const read = (pragma: string) => Object.values(database.prepare(`PRAGMA ${pragma}`).get([]) as object)[0];
    expect(read('journal_mode')).toBe('wal');
    expect(read('synchronous')).toBe(2);
    expect(read('foreign_keys')).toBe(1);
    expect(read('user_version')).toBe(MIGRATIONS.length);
    database.close();
  });

  it('opens twice without migrating twice', () => {
    const path = join(directory, 'isola.db');
    openDatabase(path).close();
    expect(() => openDatabase(path).close()).not.toThrow();
  });

  it('keeps the provisioned concurrency that an older Isola wrote', () => {
    const path = join(directory, 'isola.db');
    const older = new Libsql(path);
    for (const migration of MIGRATIONS.slice(0, 3)) older.exec(migration);
    older.exec('PRAGMA user_version = 3');
    const key = ['000000000000', 'us-east-1', 'f'];
    older.prepare("INSERT INTO function (account_id, region, name, tags) VALUES (?, ?, ?, '{}')").run(key);
    const record = JSON.stringify({ name: 'f', qualifier: 'live', requested: 5, modifiedAt: 7 });
    older.prepare('INSERT INTO provisioned_concurrency VALUES (?, ?, ?, ?, ?)').run([...key, 'live', record]);
    older.close();
    const database = openDatabase(path);
    const row = database.prepare('SELECT qualifier, kind, record FROM attachment').get([]) as { record: string };
    expect(row).toMatchObject({ qualifier: 'live', kind: 'provisioned' });
    expect(JSON.parse(row.record)).toEqual({ kind: 'provisioned', requested: 5, modifiedAt: 7 });
    database.close();
  });

  it('is refused, with its path, when a newer Isola wrote it', () => {
    const path = join(directory, 'isola.db');
    const database = openDatabase(path);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    database.close();
    expect(() => openDatabase(path)).toThrow(DatabaseError);
    expect(() => openDatabase(path)).toThrow(/newer Isola/);
  });

  it('is refused, with its path, when the file is something else', () => {
    const path = join(directory, 'isola.db');
    writeFileSync(path, 'not a database'.repeat(100));
    expect(() => openDatabase(path)).toThrow(DatabaseError);
    expect(() => openDatabase(path)).toThrow(path);
  });
});
