import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteResourceStore } from '../../runtime/store/sqlite/sqlite-resource-store.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';
import { resourceStoreConformance } from './resource-store.suite.ts';

resourceStoreConformance('sqlite on disk', {
  open: () => {
    const directory = mkdtempSync(join(tmpdir(), 'isola-store-'));
    const path = join(directory, 'isola.db');
    let storage = openStorage(path);
    return {
      store: new SqliteResourceStore(storage),
      reopen: () => {
        void storage.close();
        storage = openStorage(path);
        return new SqliteResourceStore(storage);
      },
      close: () => {
        void storage.close();
        rmSync(directory, { recursive: true });
      },
    };
  },
});

resourceStoreConformance('sqlite in memory', {
  open: () => {
    const storage = openStorage(':memory:');
    return { store: new SqliteResourceStore(storage), close: () => void storage.close() };
  },
});
