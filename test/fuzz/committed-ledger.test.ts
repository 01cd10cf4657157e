import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compileKernels } from '../../bench/kernels.ts';
import { REWRITER_VERSION, rewrite } from '../../runtime/wasm/index.ts';
import { fixtureNames, isLacking, readFixture } from '../wasm/fixture.ts';
import { FuelHost } from '../wasm/fuel-host.ts';
import { compare } from './differential.ts';
import { compareForeign } from './foreign.ts';
import { createRandomModule } from './random-module.ts';

const FILE = join(process.cwd(), 'test', 'fixtures', 'fuel.json');
const HOW = 'WRITE_FUEL=1 npx vitest run --config test/vitest.config.js dist/test/fuzz/committed-ledger';
const RANDOM_MODULES = 40;

interface CommittedLedger {
  readonly rewriter: string;
  readonly fuel: Readonly<Record<string, number>>;
}

const total = (fuel: readonly number[]): number => fuel.reduce((sum, one) => sum + one, 0);

/** What everything costs that this engine takes. */
async function measure(): Promise<Record<string, number>> {
  const fuel: Record<string, number> = {};
  for (const { name, wasm } of await compileKernels()) {
    const { code, shape } = rewrite(wasm);
    const host = new FuelHost(code, shape, { slice: 50_000 });
    host.call('run', 1);
    fuel[`kernel ${name}`] = host.used;
  }
  for (const name of fixtureNames('feature')) {
    const input = readFixture('feature', name);
    if (!isLacking(input)) fuel[`feature ${name}`] = total(compareForeign(input));
  }
  for (let seed = 0; seed < RANDOM_MODULES; seed++) {
    const module = createRandomModule(seed);
    if (!isLacking(module.plain)) fuel[`random ${seed}`] = total(compare(module).fuel);
  }
  return fuel;
}

it('costs the same on every machine and every Node', { timeout: 120_000 }, async () => {
  const fuel = await measure();
  const now: CommittedLedger = { rewriter: REWRITER_VERSION, fuel };
  if (process.env.WRITE_FUEL) writeFileSync(FILE, `${JSON.stringify(now, undefined, 1)}\n`);
  const committed = JSON.parse(readFileSync(FILE, 'utf8')) as CommittedLedger;
  expect(committed.rewriter, `write test/fixtures/fuel.json anew on the newest Node: ${HOW}`).toBe(REWRITER_VERSION);
  const known = Object.fromEntries(Object.keys(fuel).map((name) => [name, committed.fuel[name]]));
  expect(fuel).toEqual(known);
  expect(Object.keys(committed.fuel).length).toBeGreaterThanOrEqual(Object.keys(fuel).length);
});
