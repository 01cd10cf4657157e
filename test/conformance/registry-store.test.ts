import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteRegistryStore } from '../../runtime/store/sqlite/sqlite-registry-store.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';
import { TEST_CIPHER } from '../support/cipher.ts';
import { registryStoreConformance } from './registry-store.suite.ts';

registryStoreConformance('sqlite on disk', {
  open: () => {
    const directory = mkdtempSync(join(tmpdir(), 'isola-store-'));
    const path = join(directory, 'isola.db');
    let storage = openStorage(path);
    return {
      store: new SqliteRegistryStore(storage, TEST_CIPHER),
      reopen: () => {
        void storage.close();
        storage = openStorage(path);
        return new SqliteRegistryStore(storage, TEST_CIPHER);
      },
      close: () => {
        void storage.close();
        rmSync(directory, { recursive: true });
      },
    };
  },
});

registryStoreConformance('sqlite in memory', {
  open: () => {
    const storage = openStorage(':memory:');
    return { store: new SqliteRegistryStore(storage, TEST_CIPHER), close: () => void storage.close() };
  },
});
