export { MemoryPool } from '../snapshot/index.ts';
export { buildArtifact } from './build.ts';
export type { BuildOptions } from './build-options.ts';
export { inspectModule, type ModuleReport } from './inspect.ts';
export { type Arrival, Isolate, type IsolateHost } from './isolate.ts';
export { type PreparedArtifact, type ThreadArtifact, toThreadArtifact } from './prepared.ts';
