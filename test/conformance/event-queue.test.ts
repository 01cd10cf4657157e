import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../runtime/store/sqlite/database.ts';
import { SqliteEventQueue } from '../../runtime/store/sqlite/sqlite-event-queue.ts';
import { eventQueueConformance } from './event-queue.suite.ts';

eventQueueConformance('sqlite on disk', {
  open: () => {
    const directory = mkdtempSync(join(tmpdir(), 'isola-store-'));
    const path = join(directory, 'isola.db');
    let database = openDatabase(path);
    return {
      store: new SqliteEventQueue(database),
      reopen: () => {
        database.close();
        database = openDatabase(path);
        return new SqliteEventQueue(database);
      },
      close: () => {
        database.close();
        rmSync(directory, { recursive: true });
      },
    };
  },
});

eventQueueConformance('sqlite in memory', {
  open: () => {
    const database = openDatabase(':memory:');
    return { store: new SqliteEventQueue(database), close: () => database.close() };
  },
});
