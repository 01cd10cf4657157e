import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteEventQueue } from '../../runtime/store/sqlite/sqlite-event-queue.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';
import { eventQueueConformance } from './event-queue.suite.ts';

eventQueueConformance('sqlite on disk', {
  open: () => {
    const directory = mkdtempSync(join(tmpdir(), 'isola-store-'));
    const path = join(directory, 'isola.db');
    let storage = openStorage(path);
    return {
      store: new SqliteEventQueue(storage),
      reopen: () => {
        void storage.close();
        storage = openStorage(path);
        return new SqliteEventQueue(storage);
      },
      close: () => {
        void storage.close();
        rmSync(directory, { recursive: true });
      },
    };
  },
});

eventQueueConformance('sqlite in memory', {
  open: () => {
    const storage = openStorage(':memory:');
    return { store: new SqliteEventQueue(storage), close: () => void storage.close() };
  },
});
