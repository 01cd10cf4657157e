import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileBlobStore } from '../../runtime/store/blobs/file-blob-store.ts';
import { blobStoreConformance } from './blob-store.suite.ts';

blobStoreConformance('files', {
  open: () => {
    const directory = mkdtempSync(join(tmpdir(), 'isola-blobs-'));
    return {
      store: new FileBlobStore(directory),
      reopen: () => new FileBlobStore(directory),
      damage: (hash, bytes) => writeFileSync(join(directory, hash.slice(0, 2), hash), bytes),
      close: () => rmSync(directory, { recursive: true }),
    };
  },
});
