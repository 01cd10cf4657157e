import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isMissing, listDirectory, syncDirectory, toStorageError } from '../disk.ts';
import type { ObjectFiles, ObjectReader, ObjectWriter } from '../object-files.ts';

const INCOMING = 'incoming';

/** Files as `{directory}/ab/abcd...`, each written aside, flushed and renamed. */
export class DiskObjectFiles implements ObjectFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async create(): Promise<ObjectWriter> {
    const file = randomUUID();
    const aside = join(this.#directory, INCOMING, file);
    const handle = await guarded(async () => {
      await mkdir(dirname(aside), { recursive: true, mode: 0o700 });
      return open(aside, 'wx', 0o600);
    });
    let isOpen = true;
    const close = async (): Promise<void> => {
      if (!isOpen) return;
      isOpen = false;
      await handle.close();
    };
    let isFinished = false;
    return {
      file,
      write: (bytes) => guarded(() => writeAll(handle, bytes)),
      finish: () =>
        guarded(async () => {
          await handle.sync();
          await close();
          const path = this.#pathOf(file);
          await mkdir(dirname(path), { recursive: true, mode: 0o700 });
          await rename(aside, path);
          await syncDirectory(dirname(path));
          await syncDirectory(this.#directory);
          isFinished = true;
        }),
      async discard() {
        if (isFinished) return;
        await close();
        await rm(aside, { force: true });
      },
    };
  }

  async open(file: string): Promise<ObjectReader | undefined> {
    try {
      return toReader(await open(this.#pathOf(file), 'r'));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async remove(file: string): Promise<void> {
    await rm(this.#pathOf(file), { force: true });
  }

  async sweep(keep: ReadonlySet<string>): Promise<number> {
    let removed = 0;
    for (const shelf of await listDirectory(this.#directory)) {
      for (const file of await listDirectory(join(this.#directory, shelf))) {
        if (shelf !== INCOMING && keep.has(file)) continue;
        await rm(join(this.#directory, shelf, file), { force: true });
        removed++;
      }
    }
    return removed;
  }

  #pathOf(file: string): string {
    return join(this.#directory, file.slice(0, 2), file);
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.byteLength; ) at += (await handle.write(bytes, at)).bytesWritten;
}

function toReader(handle: FileHandle): ObjectReader {
  return {
    async read(at, length) {
      const bytes = Buffer.allocUnsafe(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await handle.read(bytes, filled, length - filled, at + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    },
    close: () => handle.close(),
  };
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toStorageError(error);
  }
}
