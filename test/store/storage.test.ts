import { mkdirSync, mkdtempSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStorage, type Storage } from '../../runtime/store/sqlite/storage.ts';

const TABLE = { sql: 'CREATE TABLE t (k TEXT PRIMARY KEY, v BLOB)', rows: [[]] };
const insert = (...rows: [key: string, value?: Uint8Array][]) => ({
  sql: 'INSERT INTO t VALUES (?, ?)',
  rows: rows.map(([key, value = new Uint8Array()]) => [key, value]),
});
const run = (sql: string) => ({ sql, rows: [[]] });

describe.each(['on disk', 'in memory'])('a database %s', (where) => {
  let directory = '';
  let storage: Storage;
  const write = (...steps: Parameters<Storage['writer']['steps']>[1]) => storage.writer.steps('done', steps);
  const keys = (from = storage) =>
    (from.database.prepare('SELECT k FROM t ORDER BY k').all([]) as { k: string }[]).map(({ k }) => k);
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'isola-storage-'));
    storage = openStorage(where === 'on disk' ? join(directory, 'isola.db') : ':memory:');
    await write(TABLE);
  });
  afterEach(async () => {
    await storage.close();
    rmSync(directory, { recursive: true });
  });

  it('is read as soon as what was written is acknowledged', async () => {
    for (let n = 0; n < 50; n++) {
      await write(insert([`${100 + n}`]));
      expect(keys().at(-1)).toBe(`${100 + n}`);
    }
  });

  it('keeps all of a write, or nothing', async () => {
    await expect(write(insert(['a'], ['b'], ['a']))).rejects.toMatchObject({ name: 'StorageError', trouble: 'failed' });
    expect(keys()).toEqual([]);
  });

  it('answers writes that come together each for itself', async () => {
    await write(insert(['taken']));
    const answers = await Promise.allSettled(
      Array.from({ length: 100 }, (_, n) => write(insert([`${n}`], [n % 10 === 3 ? 'taken' : `${n}+`]))),
    );
    for (const [n, { status }] of answers.entries()) expect(status).toBe(n % 10 === 3 ? 'rejected' : 'fulfilled');
    expect(keys()).toHaveLength(2 * 90 + 1);
  });

  it('leaves out what follows a step that found or changed nothing', async () => {
    const guarded = (key: string) =>
      storage.writer.steps<'done' | 'missing'>('done', [
        { sql: 'SELECT 1 FROM t WHERE k = ?', rows: [[key]], otherwise: 'missing' },
        insert([`${key}+`]),
      ]);
    expect(await guarded('a')).toBe('missing');
    await write(insert(['a']));
    expect(await guarded('a')).toBe('done');
    expect(keys()).toEqual(['a', 'a+']);
  });

  it('says so when the disk is full, and goes on with what fits', async () => {
    await write(run('PRAGMA max_page_count = 100'));
    const large = write(insert(['large', new Uint8Array(1_000_000)]));
    const small = write(insert(['small']));
    await expect(large).rejects.toMatchObject({ trouble: 'full', message: /no room on the disk: nothing was changed/ });
    await small;
    expect(keys()).toEqual(['small']);
  });

  it('commits what was asked for before it is closed, and nothing after', async () => {
    const asked = Array.from({ length: 300 }, (_, n) => write(insert([`${1_000 + n}`])));
    const closed = storage.close();
    await expect(write(insert(['late']))).rejects.toMatchObject({ trouble: 'failed', cause: 'the database is closed' });
    await Promise.all([...asked, closed]);
    if (where === 'in memory') return;
    const again = openStorage(join(directory, 'isola.db'));
    expect(keys(again)).toHaveLength(300);
    await again.close();
  });
});

describe('a database whose writer dies', () => {
  it('says that of the writes it had, and has another for the next', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'isola-storage-'));
    const path = join(directory, 'isola.db');
    const storage = openStorage(path);
    storage.database.exec(TABLE.sql);
    renameSync(path, `${path}.aside`);
    mkdirSync(path);
    const write = (key: string) => storage.writer.steps('done', [insert([key])]);
    for (const key of ['a', 'b']) {
      await expect(Promise.all([write(key), write(`${key}+`)])).rejects.toMatchObject({
        ...{ name: 'StorageError', trouble: 'stopped' },
        cause: expect.stringContaining('cannot be opened as a database'),
      });
    }
    rmdirSync(path);
    renameSync(`${path}.aside`, path);
    expect(await write('c')).toBe('done');
    expect(storage.database.prepare('SELECT k FROM t').all([])).toMatchObject([{ k: 'c' }]);
    await storage.close();
    rmSync(directory, { recursive: true });
  });
});
