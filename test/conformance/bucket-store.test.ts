import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteBucketStore } from '../../runtime/store/sqlite/sqlite-bucket-store.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';
import { bucketStoreConformance } from './bucket-store.suite.ts';

bucketStoreConformance('sqlite on disk', {
  open: () => {
    const directory = mkdtempSync(join(tmpdir(), 'isola-store-'));
    const path = join(directory, 'isola.db');
    let storage = openStorage(path);
    return {
      store: new SqliteBucketStore(storage),
      reopen: () => {
        void storage.close();
        storage = openStorage(path);
        return new SqliteBucketStore(storage);
      },
      close: () => {
        void storage.close();
        rmSync(directory, { recursive: true });
      },
    };
  },
});

bucketStoreConformance('sqlite in memory', {
  open: () => {
    const storage = openStorage(':memory:');
    return { store: new SqliteBucketStore(storage), close: () => void storage.close() };
  },
});
