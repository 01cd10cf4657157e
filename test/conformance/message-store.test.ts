import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteMessageStore } from '../../runtime/store/sqlite/sqlite-message-store.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';
import { messageStoreConformance } from './message-store.suite.ts';

messageStoreConformance('sqlite on disk', {
  open: () => {
    const directory = mkdtempSync(join(tmpdir(), 'isola-store-'));
    const path = join(directory, 'isola.db');
    let storage = openStorage(path);
    return {
      store: new SqliteMessageStore(storage),
      reopen: async () => {
        await storage.close();
        storage = openStorage(path);
        return new SqliteMessageStore(storage);
      },
      close: async () => {
        await storage.close();
        rmSync(directory, { recursive: true });
      },
    };
  },
});

messageStoreConformance('sqlite in memory', {
  open: () => {
    const storage = openStorage(':memory:');
    return { store: new SqliteMessageStore(storage), close: () => storage.close() };
  },
});
