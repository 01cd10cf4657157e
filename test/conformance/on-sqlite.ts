import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openStorage, type Storage } from '../../runtime/store/sqlite/storage.ts';
import type { OpenStore } from './open-store.ts';

/** Runs a suite on what `create` makes of a database on disk, and of one in memory. */
export function onSqlite<Store, Given extends readonly unknown[]>(
  suite: (name: string, open: OpenStore<Store, Given>) => void,
  create: (storage: Storage, ...given: Given) => Store,
): void {
  suite('sqlite on disk', (...given) => {
    const directory = mkdtempSync(join(tmpdir(), 'isola-store-'));
    const path = join(directory, 'isola.db');
    let storage = openStorage(path);
    onTestFinished(async () => {
      await storage.close();
      rmSync(directory, { recursive: true });
    });
    return {
      store: create(storage, ...given),
      async reopen() {
        await storage.close();
        storage = openStorage(path);
        return create(storage, ...given);
      },
    };
  });
  suite('sqlite in memory', (...given) => {
    const storage = openStorage(':memory:');
    onTestFinished(() => storage.close());
    return { store: create(storage, ...given) };
  });
}
