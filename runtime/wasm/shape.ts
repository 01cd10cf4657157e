import type { GlobalType, ModuleShape } from '../contract/artifact.ts';
import { WASM32_MAX_PAGES, WASM64_MAX_PAGES } from '../contract/limits.ts';
import type { ExposedTables } from './exposed-tables.ts';
import type { Limits } from './format/limits.ts';
import type { DecodedModule } from './format/module.ts';
import { WasmRefused } from './format/refused.ts';
import { TYPE } from './format/value-types.ts';
import {
  FUEL_EXPORT,
  functionExport,
  GROW_FAILED_EXPORT,
  globalExport,
  INJECTED_PREFIX,
  MEMORY_MODULE,
  PAGE_LIMIT_EXPORT,
  PENDING_EXPORT,
  REFUEL_EXPORT,
  START_EXPORT,
  tableExport,
} from './names.ts';
import { sharesMemory } from './stubs/gated-growth.ts';

const NUMERIC: ReadonlyMap<number, GlobalType> = new Map([
  [TYPE.i32, 'i32'],
  [TYPE.i64, 'i64'],
  [TYPE.f32, 'f32'],
  [TYPE.f64, 'f64'],
]);

/** A mutable numeric global and the name it is exported under. */
export interface ExposedGlobal {
  readonly index: number;
  readonly exportName: string;
  readonly type: GlobalType;
}

export function exposedGlobals(module: DecodedModule): ExposedGlobal[] {
  return module.globals.flatMap((global, index) => {
    const type = NUMERIC.get(global.type);
    return global.mutable && type ? [{ index, exportName: globalExport(index), type }] : [];
  });
}

/** What code does beyond memory and globals. */
export interface Effects {
  readonly changesTables: boolean;
  readonly makesObjects: boolean;
}

export function toShape(
  module: DecodedModule,
  { changesTables, makesObjects }: Effects,
  tables: ExposedTables | undefined,
): ModuleShape {
  const hidden = module.globals.some((global) => global.mutable && !NUMERIC.has(global.type));
  return {
    imports: module.imports,
    exports: module.exports,
    memories: module.memories.map(({ limits, from }, index) => ({
      ...(from ?? { module: MEMORY_MODULE, name: `${index}` }),
      minPages: limits.min,
      maxPages: mostPages(limits),
      ...(limits.wide ? { wide: true } : {}),
    })),
    globals: exposedGlobals(module).map(({ exportName, type }) => ({ exportName, type })),
    ...(module.start === undefined ? {} : { startExport: START_EXPORT }),
    fuelExport: FUEL_EXPORT,
    refuelExport: REFUEL_EXPORT,
    growFailedExport: GROW_FAILED_EXPORT,
    ...(sharesMemory(module.memories) ? { pageLimitExport: PAGE_LIMIT_EXPORT } : {}),
    ...(makesObjects ? { pendingExport: PENDING_EXPORT } : {}),
    resettable: !changesTables && !hidden && !module.makesObjects && tables !== undefined,
    restorable: !hidden && !module.makesObjects && tables !== undefined,
    tableExports: tables?.tables.map(tableExport) ?? [],
    functionExports: tables?.functions.map(functionExport) ?? [],
  };
}

/** Pages that a memory may grow to as far as its type says: what it declares, or all that the engine can address. */
export function mostPages({ max, wide }: Limits): number {
  const most = wide ? WASM64_MAX_PAGES : WASM32_MAX_PAGES;
  return Math.min(max ?? most, most);
}

/** The guest must not use the names that injected things have. */
export function assertOwnNames(module: DecodedModule): void {
  for (const { name } of module.exports) {
    if (name.startsWith(INJECTED_PREFIX))
      throw new WasmRefused(
        `the export ${JSON.stringify(name)}: names that begin with ${INJECTED_PREFIX} are reserved`,
        0,
      );
  }
  for (const { module: from } of module.imports) {
    if (from.startsWith(INJECTED_PREFIX))
      throw new WasmRefused(
        `the import module ${JSON.stringify(from)}: names that begin with ${INJECTED_PREFIX} are reserved`,
        0,
      );
  }
}
