/** What instructions cost, by the cost table of the documentation and not by the rewriter's tables. */
export const FREE = 0;
export const DIVISION = 8;
export const SQUARE_ROOT = 4;
export const THROW = 128;

/** Costs by size: `min(size, most) << up >> down`. */
export interface SizeCost {
  readonly most: number;
  readonly up: number;
  readonly down: number;
}

const MOST_FUEL = 1 << 26;
export const FILL_OR_COPY: SizeCost = { most: 0xffff_ffff, up: 0, down: 4 };
export const MEMORY_INIT: SizeCost = { most: 0xffff_ffff, up: 0, down: 5 };
/** Of every memory.grow, beside what it costs by size. */
export const GROWTH = 8193;
export const MEMORY_GROW: SizeCost = { most: MOST_FUEL >> 8, up: 8, down: 0 };
export const TABLE_ITEMS: SizeCost = { most: MOST_FUEL, up: 0, down: 0 };
/** Copied, filled or initialised. */
export const TABLE_ENTRIES: SizeCost = { most: MOST_FUEL >> 4, up: 4, down: 0 };

/** An object costs a unit for a byte: a header, and its fields or elements. */
const OBJECT = 16;
export const NEW_NODE: number = OBJECT + 4 + 8 + 8;
export const NEW_LEAF: number = NEW_NODE + 4;
export const NEW_ARRAY: number = OBJECT;
export const CAST = 2;
export const NEW_LONGS: SizeCost = { most: 0xffff_ffff, up: 3, down: 0 };
export const NEW_BYTES: SizeCost = { most: 0xffff_ffff, up: 0, down: 0 };
export const NEW_NODES: SizeCost = NEW_LONGS;
/** Sixteen bytes for a unit, or one reference. */
export const MOVE_LONGS: SizeCost = { most: 0xffff_ffff, up: 0, down: 1 };
export const MOVE_BYTES: SizeCost = { most: 0xffff_ffff, up: 0, down: 4 };
export const MOVE_NODES: SizeCost = { most: 0xffff_ffff, up: 0, down: 0 };
