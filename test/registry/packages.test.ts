import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentObserver } from '../../runtime/contract/observer.ts';
import { Packages } from '../../runtime/registry/packages.ts';
import { FileBlobStore } from '../../runtime/store/blobs/file-blob-store.ts';
import { zipOf } from './zip-of.ts';

describe('packages', () => {
  let directory: string;
  let packages: Packages;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'isola-packages-'));
    packages = new Packages({ blobs: new FileBlobStore(directory), observer: silentObserver });
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('that are sent are opened one after another, and hold up none that is kept', async () => {
    const kept = await packages.put(await zipOf({ a: 'kept' }));
    const ended: string[] = [];
    const large = await zipOf({ zeros: Buffer.alloc(100_000_000) });
    const sent = ['first', 'second'].map((name) => packages.open(large).then(() => ended.push(name)));
    await packages.files(kept).then(() => ended.push('kept'));
    await Promise.all(sent);
    expect(ended.filter((name) => name !== 'kept')).toEqual(['first', 'second']);
    expect(ended.at(-1)).toBe('second');
  });

  it('that cannot be opened hold up no other', async () => {
    const failing = packages.open(Buffer.from('hello'));
    const opened = packages.open(await zipOf({ a: 'fine' }));
    await expect(failing).rejects.toThrow('Could not unzip');
    expect((await opened).size).toBe(1);
  });

  it('are in memory once, for all who hold their files at a time', async () => {
    const hash = await packages.put(await zipOf({ a: 'one' }));
    const [one, other] = await Promise.all([packages.files(hash), packages.files(hash)]);
    expect(one).toBe(other);
    expect(await packages.files(hash)).toBe(one);
  });
});
