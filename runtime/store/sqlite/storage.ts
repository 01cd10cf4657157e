import { type Database, openDatabase } from './database.ts';
import { GroupCommit } from './group-commit.ts';
import { ThreadCommitter } from './thread-committer.ts';
import { CLOSED, type Written } from './write.ts';
import { type Committer, Writer } from './writer.ts';

/** A database: this thread reads it, and the writer changes it. What was written is read from then on. */
export interface Storage {
  readonly database: Database;
  readonly writer: Writer;
  /** Commits what was asked for before, and lets go of the file. */
  close(): Promise<void>;
}

/** Opens a database as `openDatabase` does. One in memory has no disk to wait for, and is written where it is read. */
export function openStorage(path: string): Storage {
  const database = openDatabase(path);
  const writer = new Writer(path === ':memory:' ? commitHere(database) : new ThreadCommitter(path));
  return {
    ...{ database, writer },
    async close() {
      await writer.close();
      database.close();
    },
  };
}

function commitHere(database: Database): Committer {
  const groups = new GroupCommit(database);
  let isClosed = false;
  return {
    commit: async (write) => (isClosed ? CLOSED : (groups.commit([write])[0] as Written)),
    async close() {
      isClosed = true;
    },
  };
}
