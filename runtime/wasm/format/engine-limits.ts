/** V8's own limits, which injected code must not push a module over. Source: V8, src/wasm/wasm-limits.h. */
export const MAX_BODY_BYTES = 7_654_321;
export const MAX_LOCALS = 50_000;
export const MAX_FUNCTIONS = 1_000_000;
export const MAX_TYPES = 1_000_000;
export const MAX_GLOBALS = 1_000_000;
export const MAX_EXPORTS = 1_000_000;
/**
 * Ours: what the optimising compiler needs for a function, outside of every limit, grows faster than the function. Of so many
 * bytes it took at most some 800 MB, of so many targets some 120; without these bounds four gigabytes for one megabyte.
 */
export const MAX_GIVEN_BODY_BYTES = 1_048_576;
/** Of all br_tables of a function together: V8's bound on one. */
export const MAX_TABLE_TARGETS = 65_520;
