import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../runtime/store/sqlite/database.ts';
import { SqliteKvStore } from '../../runtime/store/sqlite/sqlite-kv-store.ts';
import { kvStoreConformance } from './kv-store.suite.ts';

kvStoreConformance('sqlite on disk', {
  open: (limits) => {
    const directory = mkdtempSync(join(tmpdir(), 'isola-store-'));
    const path = join(directory, 'isola.db');
    let database = openDatabase(path);
    return {
      store: new SqliteKvStore(database, limits),
      reopen: () => {
        database.close();
        database = openDatabase(path);
        return new SqliteKvStore(database, limits);
      },
      close: () => {
        database.close();
        rmSync(directory, { recursive: true });
      },
    };
  },
});

kvStoreConformance('sqlite in memory', {
  open: (limits) => {
    const database = openDatabase(':memory:');
    return { store: new SqliteKvStore(database, limits), close: () => database.close() };
  },
});
