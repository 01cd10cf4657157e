export { createRestorer } from './create-restorer.ts';
export { type ExposedGlobal, parseGlobals, setGlobals, takeGlobals } from './globals.ts';
export { MemoryPool } from './memory-pool.ts';
export { packImage } from './pack-image.ts';
export type { Restorer } from './restorer.ts';
export {
  closeImage,
  MAP_THRESHOLD_BYTES,
  type SharedImage,
  type SharedMemory,
  type SnapshotMode,
  shareImage,
  shareImageSync,
} from './shared-image.ts';
export { holdTables, restoreTables, takeTables } from './tables.ts';
