import { join } from 'node:path';
import { Closers } from './closers.ts';
import type { Config } from './config.ts';
import { loadRootKey, type RootKey, toCredentialsPath } from './gateway/index.ts';
import { type Cipher, lockDataDir, openCipher, openStorage, type Storage, toMasterKeys } from './store/index.ts';

/** The folder that everything durable is in, while this process has it. */
export interface DataDirectory {
  readonly path: string;
  readonly blobs: string;
  readonly credentialsFile: string;
  readonly rootKey: RootKey;
  readonly storage: Storage;
  /** Seals what must not be read off the disk. */
  readonly cipher: Cipher;
  /** Lets another process have it. */
  close(): Promise<void>;
}

/**
 * Takes the folder, which is made when there is none, with its root key, its database and its cipher. Throws when another
 * process has it, and when its database or its master key cannot be used; nothing is held then.
 */
export async function openDataDirectory(path: string, config: Config): Promise<DataDirectory> {
  const closers = new Closers();
  try {
    const lock = await lockDataDir(path);
    closers.add(() => lock.release());
    const rootKey = await loadRootKey(path, config);
    const storage = openStorage(join(path, 'isola.db'));
    closers.add(() => storage.close());
    const cipher = openCipher(storage.database, toMasterKeys(path, config));
    return {
      ...{ path, rootKey, storage, cipher },
      blobs: join(path, 'blobs'),
      credentialsFile: toCredentialsPath(path),
      close: () => closers.close(),
    };
  } catch (error) {
    await closers.close();
    throw error;
  }
}
