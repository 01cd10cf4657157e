import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../runtime/store/sqlite/database.ts';
import { SqliteRegistryStore } from '../../runtime/store/sqlite/sqlite-registry-store.ts';
import { TEST_CIPHER } from '../support/cipher.ts';
import { registryStoreConformance } from './registry-store.suite.ts';

registryStoreConformance('sqlite on disk', {
  open: () => {
    const directory = mkdtempSync(join(tmpdir(), 'isola-store-'));
    const path = join(directory, 'isola.db');
    let database = openDatabase(path);
    return {
      store: new SqliteRegistryStore(database, TEST_CIPHER),
      reopen: () => {
        database.close();
        database = openDatabase(path);
        return new SqliteRegistryStore(database, TEST_CIPHER);
      },
      close: () => {
        database.close();
        rmSync(directory, { recursive: true });
      },
    };
  },
});

registryStoreConformance('sqlite in memory', {
  open: () => {
    const database = openDatabase(':memory:');
    return { store: new SqliteRegistryStore(database, TEST_CIPHER), close: () => database.close() };
  },
});
