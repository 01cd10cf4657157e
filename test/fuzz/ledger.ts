import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LEDGER } from './settings.ts';

/** Writes what each thing of a part cost into a file of the ledger's folder, where one is asked for. */
export function keep(part: string, fuel: Readonly<Record<string, unknown>>): void {
  if (LEDGER === undefined) return;
  mkdirSync(LEDGER, { recursive: true });
  writeFileSync(join(LEDGER, `${part}.json`), `${JSON.stringify(fuel, undefined, 1)}\n`);
}
