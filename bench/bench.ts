import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { enableBranchHinting } from '../runtime/pool/branch-hinting.ts';
import { BenchFailed, type BenchOptions, type BenchResult } from './options.ts';
import { formatProfiles } from './processor-profile.ts';

type Bench = (options: BenchOptions) => Promise<BenchResult>;

/** Loaded when asked for: what one needs may be in the way of another. */
const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  goals: async () => (await import('./goals.bench.ts')).benchGoals,
  cold: async () => (await import('./cold-start.bench.ts')).benchColdStart,
  compare: async () => (await import('./compare.bench.ts')).benchCompare,
  density: async () => (await import('./density.bench.ts')).benchDensity,
  events: async () => (await import('./events.bench.ts')).benchEvents,
  fuel: async () => (await import('./fuel.bench.ts')).benchFuel,
  many: async () => (await import('./many.bench.ts')).benchMany,
  overload: async () => (await import('./overload.bench.ts')).benchOverload,
  soak: async () => (await import('./soak.bench.ts')).benchSoak,
  start: async () => (await import('./start.bench.ts')).benchStart,
  throughput: async () => (await import('./throughput.bench.ts')).benchThroughput,
  writes: async () => (await import('./writes.bench.ts')).benchWrites,
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
    profile: { type: 'string' },
    minutes: { type: 'string' },
    only: { type: 'string' },
  },
});

enableBranchHinting();
if (values.profile !== undefined) mkdirSync(values.profile, { recursive: true });
const profile =
  values.profile === undefined ? undefined : mkdtempSync(join(values.profile, `${values.only ?? positionals[0]}-`));
const name = positionals[0] ?? 'goals';
const load = BENCHES[name];
if (!load) {
  console.error(`There is no bench "${name}". Benches: ${Object.keys(BENCHES).join(', ')}.`);
  process.exit(2);
}
const minutes = Number(values.minutes ?? 1);
if (!(minutes > 0)) {
  console.error(`--minutes takes a number above 0, not "${values.minutes}".`);
  process.exit(2);
}
const bench = await load();
const result = await bench({
  short: values.short,
  ...(values.heap ? { heaps: values.heap.map(Number) } : {}),
  ...(values.function === undefined ? {} : { function: values.function }),
  ...(values.event === undefined ? {} : { event: values.event }),
  ...(values.peer ? { peers: values.peer.flatMap((names) => names.split(',')) } : {}),
  ...(values.modules === undefined ? {} : { modules: values.modules }),
  ...(values.minutes === undefined ? {} : { minutes }),
  ...(values.only === undefined ? {} : { only: values.only }),
  ...(profile === undefined ? {} : { profile }),
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
if (profile !== undefined && !values.json) console.log(`\n${formatProfiles(profile)}`);
if (values.json)
  console.log(JSON.stringify({ bench: name, node: process.version, ...result.figures, budgets: result.budgets }));
