import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type LibsqlDatabase from 'libsql';
import { MIGRATIONS } from './migrations.ts';

/** Required, because it is CommonJS: an import would parse all of it for names first. */
const Libsql = createRequire(import.meta.url)('libsql') as typeof LibsqlDatabase;

export type Database = InstanceType<typeof LibsqlDatabase>;

/** The database cannot be used; the message says which and why. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
}

/**
 * Opens the database and brings its schema up to date, each migration in a transaction of its own.
 * `:memory:` is a database that ends with the process.
 */
export function openDatabase(path: string): Database {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const database = connect(path);
  migrate(database, path);
  return database;
}

/**
 * Another connection to a database that is open. Committed means flushed (synchronous=FULL): what was acknowledged
 * survives a crash of the process and of the machine.
 */
export function connect(path: string): Database {
  try {
    const database = new Libsql(path);
    database.pragma('busy_timeout = 5000');
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    return database;
  } catch (error) {
    throw new DatabaseError(`${path} cannot be opened as a database: ${(error as Error).message}.`);
  }
}

function migrate(database: Database, path: string): void {
  const apply = database.transaction(() => {
    const { user_version: version } = database.prepare('PRAGMA user_version').get([]) as { user_version: number };
    if (version > MIGRATIONS.length) {
      throw new DatabaseError(
        `${path} was written by a newer Isola (schema ${version}, this one knows ${MIGRATIONS.length}): use that one.`,
      );
    }
    const migration = MIGRATIONS[version];
    if (migration === undefined) return 'current';
    database.exec(migration);
    database.exec(`PRAGMA user_version = ${version + 1}`);
    return 'migrated';
  });
  while (apply.immediate() === 'migrated');
}
