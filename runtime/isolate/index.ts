export { MemoryPool } from '../snapshot/index.ts';
export { type BuildOptions, buildArtifact } from './build.ts';
export { inspectModule, type ModuleReport } from './inspect.ts';
export { type Arrival, Isolate } from './isolate.ts';
export { type PreparedArtifact, type ThreadArtifact, toThreadArtifact } from './prepared.ts';
