import { TABLE_ENTRIES } from '../contract/limits.ts';
import type { DefinedTable } from './format/module.ts';
import { WasmRefused } from './format/refused.ts';

/**
 * Largest size of every defined table, in entries: what it declares, or its fair share of what the initial sizes leave of
 * TABLE_ENTRIES. A module whose initial sizes alone are above is refused.
 */
export function boundTables(tables: readonly DefinedTable[]): number[] {
  const initial = tables.reduce((sum, table) => sum + table.type.limits.min, 0);
  if (initial > TABLE_ENTRIES)
    throw new WasmRefused(`tables of ${initial} entries; at most ${TABLE_ENTRIES} are allowed together`, 0);
  const growing = tables.filter(({ type: { limits } }) => limits.max === undefined || limits.max > limits.min);
  const share = growing.length === 0 ? 0 : Math.floor((TABLE_ENTRIES - initial) / growing.length);
  return tables.map(({ type: { limits } }) => Math.min(limits.max ?? TABLE_ENTRIES, limits.min + share));
}
