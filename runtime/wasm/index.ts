export { type DecodedModule, decodeModule } from './format/module.ts';
export { WasmRefused } from './format/refused.ts';
export { ROUNDED, TO_THE_UNIT } from './fuel/rounding.ts';
export { type Inspection, inspect } from './inspection/inspection.ts';
export type { LoopCost } from './inspection/loop-costs.ts';
export { type Rewritten, rewrite } from './rewrite.ts';
export { REWRITER_VERSION } from './rewriter-version.ts';
