import { createHash, randomUUID } from 'node:crypto';
import { rmSync, statSync, utimesSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { BlobHash, BlobStore } from '../blob-store.ts';
import { isMissing, listDirectory, syncDirectory, toStorageError } from '../disk.ts';

const HASH = /^[0-9a-f]{64}$/;
/** Bytes that are hashed without letting others run. */
const STEP = 1_048_576;

/**
 * Blobs as files: `{directory}/ab/abcd...`, each written aside, flushed and renamed, so that a name never shows half a
 * blob.
 */
export class FileBlobStore implements BlobStore {
  readonly #directory: string;
  readonly #incoming: string;

  constructor(directory: string) {
    this.#directory = directory;
    this.#incoming = join(directory, 'incoming');
  }

  async put(bytes: Uint8Array): Promise<BlobHash> {
    const hash = await hashOf(bytes);
    const path = this.#pathOf(hash);
    if (touch(path) && typeof (await this.get(hash)) !== 'string') return hash;
    const aside = join(this.#incoming, randomUUID());
    try {
      await mkdir(this.#incoming, { recursive: true });
      await mkdir(dirname(path), { recursive: true });
      const file = await open(aside, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(aside, path);
    } catch (error) {
      await rm(aside, { force: true });
      throw toStorageError(error);
    }
    await syncDirectory(dirname(path));
    await syncDirectory(this.#directory);
    return hash;
  }

  async get(hash: BlobHash): Promise<Uint8Array | 'missing' | 'corrupt'> {
    if (!HASH.test(hash)) return 'missing';
    try {
      const bytes = await readFile(this.#pathOf(hash));
      return (await hashOf(bytes)) === hash ? bytes : 'corrupt';
    } catch (error) {
      if (isMissing(error)) return 'missing';
      throw error;
    }
  }

  async retain(keep: ReadonlySet<BlobHash>, { writtenBefore }: { readonly writtenBefore: number }): Promise<number> {
    let removed = 0;
    for (const shelf of await listDirectory(this.#directory)) {
      for (const name of await listDirectory(join(this.#directory, shelf))) {
        if (shelf !== 'incoming' && keep.has(name)) continue;
        if (removeOlder(join(this.#directory, shelf, name), writtenBefore)) removed++;
      }
    }
    return removed;
  }

  #pathOf(hash: BlobHash): string {
    return join(this.#directory, hash.slice(0, 2), hash);
  }
}

/** Marks a blob as put now, so that a sweep that has begun before leaves it alone; false when there is none. */
function touch(path: string): boolean {
  const now = new Date();
  try {
    utimesSync(path, now, now);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Looks and removes in one turn of this thread, so that no `put` can come between. */
function removeOlder(path: string, than: number): boolean {
  const age = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  if (age === undefined || age >= than) return false;
  rmSync(path, { force: true });
  return true;
}

async function hashOf(bytes: Uint8Array): Promise<BlobHash> {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += STEP) {
    if (at > 0) await setImmediate();
    hash.update(bytes.subarray(at, at + STEP));
  }
  return hash.digest('hex');
}
