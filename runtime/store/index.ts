export type { BlobHash, BlobStore } from './blob-store.ts';
export { FileBlobStore } from './blobs/file-blob-store.ts';
export { DataInUse, type DataLock, lockDataDir } from './data-lock.ts';
export { readRecentUse, type UsedVersion, writeRecentUse } from './recent-use.ts';
export type { RegistryStore } from './registry-store.ts';
export { openDatabase } from './sqlite/database.ts';
export { SqliteRegistryStore } from './sqlite/sqlite-registry-store.ts';
export { SqliteResourceStore } from './sqlite/sqlite-resource-store.ts';
