import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../runtime/store/sqlite/database.ts';
import { SqliteResourceStore } from '../../runtime/store/sqlite/sqlite-resource-store.ts';
import { resourceStoreConformance } from './resource-store.suite.ts';

resourceStoreConformance('sqlite on disk', {
  open: () => {
    const directory = mkdtempSync(join(tmpdir(), 'isola-store-'));
    const path = join(directory, 'isola.db');
    let database = openDatabase(path);
    return {
      store: new SqliteResourceStore(database),
      reopen: () => {
        database.close();
        database = openDatabase(path);
        return new SqliteResourceStore(database);
      },
      close: () => {
        database.close();
        rmSync(directory, { recursive: true });
      },
    };
  },
});

resourceStoreConformance('sqlite in memory', {
  open: () => {
    const database = openDatabase(':memory:');
    return { store: new SqliteResourceStore(database), close: () => database.close() };
  },
});
