import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteUsageStore } from '../../runtime/store/sqlite/sqlite-usage-store.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';
import { usageStoreConformance } from './usage-store.suite.ts';

usageStoreConformance('sqlite on disk', {
  open: () => {
    const directory = mkdtempSync(join(tmpdir(), 'isola-store-'));
    const path = join(directory, 'isola.db');
    let storage = openStorage(path);
    return {
      store: new SqliteUsageStore(storage),
      reopen: () => {
        void storage.close();
        storage = openStorage(path);
        return new SqliteUsageStore(storage);
      },
      close: () => {
        void storage.close();
        rmSync(directory, { recursive: true });
      },
    };
  },
});

usageStoreConformance('sqlite in memory', {
  open: () => {
    const storage = openStorage(':memory:');
    return { store: new SqliteUsageStore(storage), close: () => void storage.close() };
  },
});
