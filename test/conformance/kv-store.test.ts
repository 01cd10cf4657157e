import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteKvStore } from '../../runtime/store/sqlite/sqlite-kv-store.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';
import { kvStoreConformance } from './kv-store.suite.ts';

kvStoreConformance('sqlite on disk', {
  open: (limits) => {
    const directory = mkdtempSync(join(tmpdir(), 'isola-store-'));
    const path = join(directory, 'isola.db');
    let storage = openStorage(path);
    return {
      store: new SqliteKvStore(storage, limits),
      reopen: () => {
        void storage.close();
        storage = openStorage(path);
        return new SqliteKvStore(storage, limits);
      },
      close: () => {
        void storage.close();
        rmSync(directory, { recursive: true });
      },
    };
  },
});

kvStoreConformance('sqlite in memory', {
  open: (limits) => {
    const storage = openStorage(':memory:');
    return { store: new SqliteKvStore(storage, limits), close: () => void storage.close() };
  },
});
