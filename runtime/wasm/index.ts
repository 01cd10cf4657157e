export { type Inspection, inspect } from './inspection.ts';
export type { LoopCost } from './loop-costs.ts';
export { type DecodedModule, decodeModule } from './module.ts';
export { WasmRefused } from './refused.ts';
export { type Rewritten, rewrite } from './rewrite.ts';
export { LOWEST_COUNTER } from './stubs.ts';

/** Part of an artifact's name: changes whenever the same input would give other bytes. */
export const REWRITER_VERSION = 'isola-fuel-4';
