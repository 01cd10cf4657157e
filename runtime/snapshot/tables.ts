import type { TableEntry, TableImage } from '../contract/artifact.ts';

/** What the tables hold, to be asked before any code of the guest has run: what was there cannot be told from what was put. */
export function holdTables(tables: readonly WebAssembly.Table[]): readonly (readonly unknown[])[] {
  return tables.map((table) => Array.from({ length: table.length }, (_, slot): unknown => table.get(slot)));
}

/**
 * Writes down what initialisation changed. Functions are named by where every fresh instance has them: a slot that was
 * filled from the start, or an export. Undefined when a table holds anything else.
 */
export function takeTables(
  tables: readonly WebAssembly.Table[],
  before: readonly (readonly unknown[])[],
  exports: Readonly<Record<string, unknown>>,
): TableImage[] | undefined {
  const places = new Map<unknown, TableEntry>([[null, null]]);
  for (const [exportName, value] of Object.entries(exports)) {
    if (typeof value === 'function') places.set(value, { exportName });
  }
  before.forEach((slots, table) => {
    slots.forEach((value, slot) => {
      if (!places.has(value)) places.set(value, { table, slot });
    });
  });
  const images: TableImage[] = [];
  for (const [index, table] of tables.entries()) {
    const changed: { index: number; entry: TableEntry }[] = [];
    for (let slot = 0; slot < table.length; slot++) {
      const value: unknown = table.get(slot);
      if (slot < (before[index]?.length ?? 0) && value === before[index]?.[slot]) continue;
      const entry = places.get(value);
      if (entry === undefined) return undefined;
      changed.push({ index: slot, entry });
    }
    images.push({ size: table.length, changed });
  }
  return images;
}

/** Brings the tables of a fresh instance to where the image has them. */
export function restoreTables(
  tables: readonly WebAssembly.Table[],
  images: readonly TableImage[],
  exports: Readonly<Record<string, unknown>>,
): void {
  const values = images.map(({ changed }) =>
    changed.map(({ entry }): unknown => {
      if (entry === null) return null;
      return 'exportName' in entry ? exports[entry.exportName] : tables[entry.table]?.get(entry.slot);
    }),
  );
  images.forEach(({ size, changed }, index) => {
    const table = tables[index] as WebAssembly.Table;
    if (table.length < size) table.grow(size - table.length);
    for (const [at, { index: slot }] of changed.entries()) table.set(slot, values[index]?.[at]);
  });
}
