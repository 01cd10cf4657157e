import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StorageError } from '../../runtime/contract/storage-error.ts';
import { DiskObjectFiles } from '../../runtime/store/objects/disk-object-files.ts';

describe('files of objects', () => {
  let directory: string;
  let files: DiskObjectFiles;
  beforeEach(() => {
    directory = join(mkdtempSync(join(tmpdir(), 'isola-objects-')), 'objects');
    files = new DiskObjectFiles(directory);
  });
  afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }));

  async function write(...parts: string[]): Promise<string> {
    const writer = await files.create();
    for (const part of parts) await writer.write(Buffer.from(part));
    await writer.finish();
    return writer.file;
  }
  const read = async (file: string, at = 0, length = 100): Promise<string | undefined> => {
    const reader = await files.open(file);
    const bytes = await reader?.read(at, length);
    await reader?.close();
    return bytes && Buffer.from(bytes).toString();
  };

  it('are written in pieces and read in parts', async () => {
    const file = await write('hello', ' ', 'world');
    expect(await read(file)).toBe('hello world');
    expect(await read(file, 6, 3)).toBe('wor');
    expect(await read(file, 11)).toBe('');
    expect(await read(await write())).toBe('');
  });

  it('are not there before they are finished, nor after they are discarded', async () => {
    const writer = await files.create();
    await writer.write(Buffer.from('half'));
    expect(await read(writer.file)).toBeUndefined();
    await writer.discard();
    expect(readdirSync(join(directory, 'incoming'))).toEqual([]);
  });

  it('stay for who reads them when they are removed', async () => {
    const file = await write('hello');
    const reader = await files.open(file);
    await files.remove(file);
    await files.remove(file);
    expect(Buffer.from((await reader?.read(0, 5)) ?? []).toString()).toBe('hello');
    await reader?.close();
    expect(await read(file)).toBeUndefined();
  });

  it('are swept away with what was never finished, but for those that are kept', async () => {
    const [kept, gone] = [await write('kept'), await write('gone')];
    await (await files.create()).write(Buffer.from('half'));
    expect(await files.sweep(new Set([kept]))).toBe(2);
    expect([await read(kept), await read(gone)]).toEqual(['kept', undefined]);
    expect(await new DiskObjectFiles(join(directory, 'absent')).sweep(new Set())).toBe(0);
  });

  it('are refused where nothing can be written', async () => {
    writeFileSync(directory, 'a file in the way');
    await expect(files.create()).rejects.toBeInstanceOf(StorageError);
    expect(existsSync(directory)).toBe(true);
  });
});
