import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileBlobStore } from '../../runtime/store/blobs/file-blob-store.ts';

describe('blobs as files', () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'isola-blobs-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('leave nothing aside when they are written', async () => {
    await new FileBlobStore(directory).put(Buffer.from('x'));
    expect(readdirSync(join(directory, 'incoming'))).toEqual([]);
  });

  it('sweep away what an interrupted write left', async () => {
    mkdirSync(join(directory, 'incoming'));
    writeFileSync(join(directory, 'incoming', 'half'), 'ha');
    expect(await new FileBlobStore(directory).retain(new Set(), { writtenBefore: Date.now() + 1_000 })).toBe(1);
    expect(readdirSync(join(directory, 'incoming'))).toEqual([]);
  });
});
