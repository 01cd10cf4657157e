import type { DecodedModule } from './format/module.ts';
import { isHostReference } from './format/value-types.ts';
import type { MeteredCode } from './fuel/meter.ts';

/** Tables and functions that are exported so that an image can hold what the tables were changed to; by index. */
export interface ExposedTables {
  readonly tables: readonly number[];
  /** Functions that code can refer to and that no fresh instance shows by itself. */
  readonly functions: readonly number[];
}

/** Every export costs each instance time; a module of more such functions initialises each instance instead. */
const MOST_FUNCTIONS = 1_000;

/** Nothing where code leaves the tables alone; undefined where an image cannot hold what it does to them. */
export function exposeTables(module: DecodedModule, code: MeteredCode): ExposedTables | undefined {
  if (code.dropsSegments) return undefined;
  if (!code.changesTables) return { tables: [], functions: [] };
  const functions = [...module.taken].filter((index) => !module.shown.has(index)).sort((a, b) => a - b);
  const canBeRead =
    !module.wideTables.includes(true) &&
    module.tables.every(({ type }) => isHostReference(type.element, (index) => module.types.isFunction(index)));
  if (!canBeRead || functions.length > MOST_FUNCTIONS) return undefined;
  return { tables: module.tables.map((_, index) => module.importedTables + index), functions };
}
