import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteOutboxStore } from '../../runtime/store/sqlite/sqlite-outbox-store.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';
import { outboxStoreConformance } from './outbox-store.suite.ts';

outboxStoreConformance('sqlite on disk', {
  open: () => {
    const directory = mkdtempSync(join(tmpdir(), 'isola-store-'));
    const path = join(directory, 'isola.db');
    let storage = openStorage(path);
    return {
      store: new SqliteOutboxStore(storage),
      reopen: () => {
        void storage.close();
        storage = openStorage(path);
        return new SqliteOutboxStore(storage);
      },
      close: () => {
        void storage.close();
        rmSync(directory, { recursive: true });
      },
    };
  },
});

outboxStoreConformance('sqlite in memory', {
  open: () => {
    const storage = openStorage(':memory:');
    return { store: new SqliteOutboxStore(storage), close: () => void storage.close() };
  },
});
