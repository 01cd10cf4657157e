import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeyRefused, toMasterKeys } from '../../runtime/store/master-key.ts';
import { MIGRATIONS } from '../../runtime/store/sqlite/migrations.ts';
import { openCipher } from '../../runtime/store/sqlite/open-cipher.ts';
import { SqliteRegistryStore } from '../../runtime/store/sqlite/sqlite-registry-store.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';
import { version } from '../conformance/registry-store.suite.ts';

const KEY = '11'.repeat(32);
const OTHER = Buffer.alloc(32, 2).toString('base64');
const FUNCTION = { accountId: '000000000000', region: 'us-east-1', name: 'f' };
const SECRET = 'unguessable-3f9c';

let directory: string;
const closers: (() => void)[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'isola-key-'));
});
afterEach(() => {
  closeAll();
  rmSync(directory, { recursive: true });
});

function closeAll(): void {
  for (const close of closers.splice(0)) close();
}

function open(keys: { key?: string; previousKey?: string } = {}) {
  closeAll();
  const storage = openStorage(join(directory, 'isola.db'));
  const { database } = storage;
  closers.push(() => database.close());
  const cipher = openCipher(database, toMasterKeys(directory, { key: undefined, previousKey: undefined, ...keys }));
  return { database, store: new SqliteRegistryStore(storage, cipher), writer: storage.writer };
}

async function keepSecret(keys: Parameters<typeof open>[0] = {}): Promise<void> {
  const latest = version('r1', { environment: { TOKEN: SECRET } });
  const { store, writer } = open(keys);
  await store.createFunction({ ...FUNCTION, tags: {}, latest });
  await writer.close();
}

const readSecret = async (keys: Parameters<typeof open>[0] = {}) =>
  (await open(keys).store.find(FUNCTION))?.record.latest.environment?.TOKEN;

function filesHolding(text: string): string[] {
  return readdirSync(directory).filter((name) => readFileSync(join(directory, name)).includes(text));
}

describe('the key of a data directory', () => {
  it('is made on the first start, for its owner alone, and serves from then on', async () => {
    await keepSecret();
    expect(statSync(join(directory, 'key')).mode & 0o777).toBe(0o600);
    const key = readFileSync(join(directory, 'key'), 'utf8');
    expect(Buffer.from(key, 'base64')).toHaveLength(32);
    expect(await readSecret()).toBe(SECRET);
    expect(readFileSync(join(directory, 'key'), 'utf8')).toBe(key);
    expect(filesHolding(SECRET)).toEqual([]);
  });

  it('is ISOLA_KEY where there is one, which is written nowhere', async () => {
    await keepSecret({ key: KEY });
    expect(await readSecret({ key: KEY })).toBe(SECRET);
    expect(existsSync(join(directory, 'key'))).toBe(false);
    const bytes = Buffer.from(KEY, 'hex');
    for (const form of [KEY, bytes.toString('base64'), bytes.toString('latin1')]) {
      expect(filesHolding(form)).toEqual([]);
    }
  });

  it('that is wrong or not there is refused with a way out, and nothing is lost', async () => {
    await keepSecret({ key: KEY });
    expect(() => open()).toThrow(KeyRefused);
    expect(() => open()).toThrow(/restore .*key, or set ISOLA_KEY to what it was/);
    expect(existsSync(join(directory, 'key'))).toBe(false);
    expect(() => open({ key: OTHER })).toThrow(/another key than ISOLA_KEY: .*ISOLA_PREVIOUS_KEY/);
    expect(() => open({ previousKey: OTHER })).toThrow(KeyRefused);
    expect(await readSecret({ key: KEY })).toBe(SECRET);
  });

  it('that was damaged on disk is refused, and not replaced', async () => {
    await keepSecret();
    const path = join(directory, 'key');
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, 20));
    expect(() => open()).toThrow(/holds no key of 32 bytes/);
    expect(readFileSync(path)).toEqual(whole.subarray(0, 20));
    writeFileSync(path, whole);
    expect(await readSecret()).toBe(SECRET);
  });

  it('changes when the previous one is given, and that one is of no use afterwards', async () => {
    await keepSecret({ key: KEY });
    expect(await readSecret({ key: OTHER, previousKey: KEY })).toBe(SECRET);
    expect(await readSecret({ key: OTHER })).toBe(SECRET);
    expect(() => open({ key: KEY })).toThrow(KeyRefused);
  });

  it('moves from the file to ISOLA_KEY, and back into a new file', async () => {
    await keepSecret();
    expect(await readSecret({ key: KEY })).toBe(SECRET);
    rmSync(join(directory, 'key'));
    expect(await readSecret({ key: KEY })).toBe(SECRET);
    expect(await readSecret({ previousKey: KEY })).toBe(SECRET);
    expect(await readSecret()).toBe(SECRET);
    expect(() => open({ previousKey: KEY })).not.toThrow();
  });
});

describe('a sealed environment', () => {
  it('is of no use to another function, nor to another version', async () => {
    await keepSecret();
    const { database, store } = open();
    await store.createFunction({ ...FUNCTION, name: 'thief', tags: {}, latest: version('r2') });
    database.exec("UPDATE version SET record = (SELECT record FROM version WHERE name = 'f') WHERE name = 'thief'");
    await expect(store.find({ ...FUNCTION, name: 'thief' })).rejects.toThrow();
    database.exec("UPDATE version SET record = json_set(record, '$.version', '1') WHERE name = 'f'");
    await expect(store.find(FUNCTION)).rejects.toThrow();
  });
});

describe('what an older Isola wrote unsealed', () => {
  const SCHEMA = MIGRATIONS.findIndex((migration) => migration.includes('cipher_key'));

  /** Many functions, some of them deleted again, so that secrets lie in pages that nobody uses any more. */
  function writeOlder(): void {
    const older = new Libsql(join(directory, 'isola.db'));
    older.pragma('journal_mode = WAL');
    older.pragma('foreign_keys = ON');
    for (const migration of MIGRATIONS.slice(0, SCHEMA)) older.exec(migration);
    older.exec(`PRAGMA user_version = ${SCHEMA}`);
    for (let n = 0; n < 50; n++) {
      const key = [FUNCTION.accountId, FUNCTION.region, n === 0 ? 'f' : `f${n}`];
      older.prepare("INSERT INTO function (account_id, region, name, tags) VALUES (?, ?, ?, '{}')").run(key);
      const environment = { TOKEN: SECRET, MORE: 'x'.repeat(2_000) };
      const record = JSON.stringify(version('r1', { environment }));
      older.prepare('INSERT INTO version VALUES (?, ?, ?, ?, ?, ?)').run([...key, '$LATEST', 'r1', record]);
    }
    older.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all([]);
    older.exec("DELETE FROM function WHERE name LIKE 'f1%'");
    older.close();
    expect(filesHolding(SECRET)).toContain('isola.db');
  }

  it('is sealed, and gone from the files, free pages included', async () => {
    writeOlder();
    expect(await readSecret()).toBe(SECRET);
    expect(filesHolding(SECRET)).toEqual([]);
    closeAll();
    expect(filesHolding(SECRET)).toEqual([]);
  });

  it('is gone after the next start when the process was killed before its traces were', async () => {
    writeOlder();
    const { database } = open();
    database.exec(`UPDATE cipher_key SET scrub = 1; CREATE TABLE trace (text TEXT)`);
    database.prepare('INSERT INTO trace VALUES (?)').run([SECRET.repeat(500)]);
    database.exec('DELETE FROM trace');
    expect(filesHolding(SECRET)).not.toEqual([]);
    expect(await readSecret()).toBe(SECRET);
    expect(filesHolding(SECRET)).toEqual([]);
  });

  it('stays what it was when there is no usable key', () => {
    writeOlder();
    writeFileSync(join(directory, 'key'), 'damaged');
    expect(() => open()).toThrow(KeyRefused);
    closeAll();
    expect(filesHolding(SECRET)).toContain('isola.db');
    rmSync(join(directory, 'key'));
    expect(() => open()).not.toThrow();
  });
});
