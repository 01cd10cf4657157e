import { expect, it } from 'vitest';
import { isLacking } from '../wasm/fixture.ts';
import { compare } from './differential.ts';
import { keep } from './ledger.ts';
import { createRandomModule } from './random-module.ts';
import { RUNS, SEED, timeoutFor } from './settings.ts';

it('changes nothing that random modules do, and counts exactly what they run, whatever the slices', {
  timeout: timeoutFor(RUNS),
}, () => {
  const fuel: Record<number, string> = {};
  const total = { modules: 0, calls: 0, exact: 0 };
  for (let seed = SEED; seed < SEED + RUNS; seed++) {
    const module = createRandomModule(seed);
    if (isLacking(module.plain)) continue;
    const comparison = compare(module);
    total.modules++;
    total.calls += comparison.calls;
    total.exact += comparison.exact;
    fuel[seed] = comparison.fuel.join();
  }
  keep('random', fuel);
  process.stdout.write(
    `random modules from ${SEED}: ${total.modules} of ${RUNS} taken, ${total.calls} calls, ${total.exact} with fuel held against the count\n`,
  );
  expect(total.exact).toBeGreaterThan(total.modules);
  expect(total.modules).toBeGreaterThan(RUNS / 2);
});
