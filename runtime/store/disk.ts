import { open, readdir } from 'node:fs/promises';
import { StorageError } from '../contract/storage-error.ts';

/** Makes the names of a directory durable. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** The names in a directory; none in one that is not there, or is none. */
export async function listDirectory(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** True of the error for a path that leads nowhere. */
export function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** Of what the system says when a file cannot be written. */
export function toStorageError(error: unknown): StorageError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new StorageError(['ENOSPC', 'EDQUOT'].includes(code) ? 'full' : 'failed', message);
}
