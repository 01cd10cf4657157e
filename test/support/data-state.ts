import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';

/** All that a data directory holds, but what was used: every row of every table, and the names of the blobs, which are their hashes. */
export function readDataState(dataDir: string): unknown {
  const database = new Libsql(join(dataDir, 'isola.db'), { readonly: true });
  try {
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name != 'usage' ORDER BY name")
      .all([]);
    const rows = (tables as { name: string }[]).map(({ name }) => [
      name,
      (database.prepare(`SELECT * FROM "${name}"`).all([]) as object[]).map((row) => JSON.stringify(row)).sort(),
    ]);
    return { tables: Object.fromEntries(rows), blobs: readdirSync(join(dataDir, 'blobs'), { recursive: true }).sort() };
  } finally {
    database.close();
  }
}
