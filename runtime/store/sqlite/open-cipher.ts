import { randomBytes } from 'node:crypto';
import { type Cipher, createCipher, KEY_BYTES } from '../cipher.ts';
import { KeyRefused, type MasterKeys } from '../master-key.ts';
import type { Database } from './database.ts';
import { sealPlainVersions } from './sealed-version.ts';

interface KeyRow {
  /** The key of all secrets, sealed with the master key. */
  readonly wrapped: string;
  /** 1 until the pages in which secrets stood unsealed are gone from the files. */
  readonly scrub: number;
}

/** What the wrapped key is sealed about. */
const ABOUT = 'data key';

/**
 * Opens the database's cipher. Secrets are sealed with a key of the database's own, which lies in it sealed with the master
 * key: another master key means sealing that one key anew. What an older Isola wrote unsealed is sealed in the same
 * transaction that brings the key, and then its traces are removed. A process killed on the way goes on at its next start.
 * Throws KeyRefused, and has changed nothing, when no key fits.
 */
export function openCipher(database: Database, keys: MasterKeys): Cipher {
  const row = read(database);
  const cipher = row === undefined ? createDataKey(database, keys) : unwrap(database, row, keys);
  if (read(database)?.scrub === 1) scrub(database);
  return cipher;
}

function read(database: Database): KeyRow | undefined {
  return database.prepare('SELECT wrapped, scrub FROM cipher_key').get([]) as KeyRow | undefined;
}

function createDataKey(database: Database, keys: MasterKeys): Cipher {
  const dataKey = randomBytes(KEY_BYTES);
  const master = keys.configured ?? keys.file.read() ?? keys.file.create();
  const cipher = createCipher(dataKey);
  database
    .transaction(() => {
      const scrub = sealPlainVersions(database, cipher) > 0 ? 1 : 0;
      database.prepare('INSERT INTO cipher_key VALUES (1, ?, ?)').run([wrap(dataKey, master), scrub]);
    })
    .immediate();
  return cipher;
}

function unwrap(database: Database, { wrapped }: KeyRow, keys: MasterKeys): Cipher {
  const current = keys.configured ?? keys.file.read();
  const dataKey = current && tryUnwrap(wrapped, current);
  if (dataKey) return createCipher(dataKey);
  const others = [keys.previous, keys.configured && keys.file.read()];
  for (const other of others) {
    const found = other && tryUnwrap(wrapped, other);
    if (!found) continue;
    const master = current ?? keys.file.create();
    database.prepare('UPDATE cipher_key SET wrapped = ?, scrub = 1').run([wrap(found, master)]);
    return createCipher(found);
  }
  throw new KeyRefused(
    current
      ? `The secrets in this data directory were sealed with another key than ${keys.configured ? 'ISOLA_KEY' : keys.file.path}: set ISOLA_KEY to that one, or ISOLA_PREVIOUS_KEY to change keys.`
      : `The secrets in this data directory are sealed, and the key is not here: restore ${keys.file.path}, or set ISOLA_KEY to what it was.`,
  );
}

function wrap(dataKey: Uint8Array, master: Uint8Array): string {
  return createCipher(master).seal(Buffer.from(dataKey).toString('base64'), ABOUT);
}

function tryUnwrap(wrapped: string, master: Uint8Array): Uint8Array | undefined {
  try {
    return Buffer.from(createCipher(master).unseal(wrapped, ABOUT), 'base64');
  } catch {
    return undefined;
  }
}

/** What a page held before stays in the file and in the log until both are written anew. */
function scrub(database: Database): void {
  database.exec('VACUUM');
  database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all([]);
  database.prepare('UPDATE cipher_key SET scrub = 0').run([]);
}
