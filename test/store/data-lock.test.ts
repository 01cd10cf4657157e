import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DataInUse, DataUnusable, lockDataDir } from '../../runtime/store/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'isola-lock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a data directory', () => {
  it('is served by one process at a time, by whatever path it is named', async () => {
    const lock = await lockDataDir(folder);
    await expect(lockDataDir(folder)).rejects.toThrow(DataInUse);
    await expect(lockDataDir(join(folder, '..', folder.split('/').at(-1) ?? ''))).rejects.toThrow(
      folder.split('/').at(-1),
    );
    await lock.release();
    await (await lockDataDir(folder)).release();
  });

  it('is made with the folders above it', async () => {
    await (await lockDataDir(join(folder, 'a', 'b', 'c'))).release();
  });

  it('is refused with a way out where it cannot be made', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    for (const path of [file, join(file, 'below'), ...(existsSync('/proc') ? ['/proc/isola'] : [])]) {
      await expect(lockDataDir(path)).rejects.toThrow(DataUnusable);
      await expect(lockDataDir(path)).rejects.toThrow(/ISOLA_DATA_DIR\.$/);
    }
  });

  it('does not stand in the way of another', async () => {
    const locks = await Promise.all([lockDataDir(folder), lockDataDir(join(folder, 'other'))]);
    await Promise.all(locks.map((lock) => lock.release()));
  });
});
