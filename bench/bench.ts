import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { enableBranchHinting } from '../runtime/pool/branch-hinting.ts';
import { benchColdStart } from './cold-start.bench.ts';
import { benchCompare } from './compare.bench.ts';
import { benchDensity } from './density.bench.ts';
import { benchFuel } from './fuel.bench.ts';
import { benchGoals } from './goals.bench.ts';
import { benchHot } from './hot.bench.ts';
import { benchMany } from './many.bench.ts';
import { BenchFailed, type BenchOptions, type BenchResult } from './options.ts';
import { benchSoak } from './soak.bench.ts';
import { benchStart } from './start.bench.ts';

const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<BenchResult>>> = {
  goals: benchGoals,
  cold: benchColdStart,
  compare: benchCompare,
  density: benchDensity,
  fuel: benchFuel,
  hot: benchHot,
  many: benchMany,
  soak: benchSoak,
  start: benchStart,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    heap: { type: 'string', multiple: true },
    function: { type: 'string' },
    event: { type: 'string' },
    peer: { type: 'string', multiple: true },
    modules: { type: 'string' },
    pictures: { type: 'string' },
  },
});

enableBranchHinting();
const name = positionals[0] ?? 'goals';
const bench = BENCHES[name];
if (!bench) {
  console.error(`There is no bench "${name}". Benches: ${Object.keys(BENCHES).join(', ')}.`);
  process.exit(2);
}
const result = await bench({
  short: values.short,
  ...(values.heap ? { heaps: values.heap.map(Number) } : {}),
  ...(values.function === undefined ? {} : { function: values.function }),
  ...(values.event === undefined ? {} : { event: values.event }),
  ...(values.peer ? { peers: values.peer.flatMap((names) => names.split(',')) } : {}),
  ...(values.modules === undefined ? {} : { modules: values.modules }),
}).catch((error: unknown) => {
  if (!(error instanceof BenchFailed)) throw error;
  console.error(error.message);
  process.exit(1);
});
if (values.pictures !== undefined) {
  mkdirSync(values.pictures, { recursive: true });
  for (const [file, svg] of Object.entries(result.pictures)) writeFileSync(join(values.pictures, file), svg);
}
if (!values.json) {
  console.log(result.text);
  if (result.scope !== undefined) console.log(`  ${result.scope}\n`);
}
for (const { promise, measured, met } of result.budgets) {
  if (!values.json) console.log(`${met ? 'met   ' : 'missed'}  ${promise}: ${measured}`);
}
if (values.json)
  console.log(JSON.stringify({ bench: name, node: process.version, ...result.figures, budgets: result.budgets }));
