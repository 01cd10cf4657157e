/** V8's own limits, which injected code must not push a module over. Source: V8, src/wasm/wasm-limits.h. */
export const MAX_BODY_BYTES = 7_654_321;
export const MAX_LOCALS = 50_000;
export const MAX_FUNCTIONS = 1_000_000;
export const MAX_TYPES = 1_000_000;
export const MAX_GLOBALS = 1_000_000;
export const MAX_EXPORTS = 1_000_000;
/** Ours: blocks of one function, so that a body of nothing but blocks cannot cost hundreds of megabytes. */
export const MAX_FRAMES = 500_000;
/** V8's bound on a br_table's targets. */
export const MAX_TABLE_TARGETS = 65_520;
