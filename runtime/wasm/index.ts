export { type Inspection, inspect } from './inspection.ts';
export type { LoopCost } from './loop-costs.ts';
export { type DecodedModule, decodeModule } from './module.ts';
export { WasmRefused } from './refused.ts';
export { type Rewritten, rewrite } from './rewrite.ts';
export { REWRITER_VERSION } from './rewriter-version.ts';
export { ROUNDED, TO_THE_UNIT } from './rounding.ts';
