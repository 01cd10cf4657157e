import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type EngineReport, MeteredEngine } from './metered-engine.ts';
import { standStill } from './still-world.ts';

/** What a program is given: modules and files of the installed packages, and a digest for long results. */
export interface Bench {
  readonly load: (path: string) => Promise<unknown>;
  readonly read: (path: string) => Uint8Array;
  readonly path: (path: string) => string;
  readonly digest: (bytes: Uint8Array | string) => string;
}

/** How a program ended, with the engine's report where it was metered. */
export interface ProgramReport {
  readonly result: unknown;
  readonly engine: EngineReport | undefined;
}

/** Arguments: the program's file, the folder with its node_modules, and a slice, or 0 to run it as it is. */
const [program, packages, slice] = process.argv.slice(2);
const engine = Number(slice) > 0 ? new MeteredEngine(Number(slice)) : undefined;
engine?.install();
const takeBack = standStill();
if (engine) engine.onSlice = takeBack;

const path = (name: string): string => join(packages!, 'node_modules', name);
const bench: Bench = {
  load: (name) => import(pathToFileURL(path(name)).href),
  read: (name) => readFileSync(path(name)),
  path,
  digest: (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 16),
};
const { run } = (await import(pathToFileURL(program!).href)) as { run: (bench: Bench) => Promise<unknown> };
const result = await run(bench);
const report: ProgramReport = { result: JSON.parse(JSON.stringify(result ?? null)), engine: engine?.report };
process.send!(report, () => process.exit(0));
