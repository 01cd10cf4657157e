export { createRestorer } from './create-restorer.ts';
export { type ExposedGlobal, parseGlobals, setGlobals, takeGlobals } from './globals.ts';
export { MemoryPool } from './memory-pool.ts';
export type { Restorer } from './restorer.ts';
export { closeImage, MAP_THRESHOLD_BYTES, type SharedImage, type SnapshotMode, shareImage } from './shared-image.ts';
