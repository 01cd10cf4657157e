import { expect, it } from 'vitest';
import { rewrite } from '../../runtime/wasm/index.ts';
import { processorMs } from '../support/processor-time.ts';
import { fixtureNames, isLacking, LACKING, readFixture } from './fixture.ts';
import { FuelHost } from './fuel-host.ts';

const DEADLINE_MS = 30;

it.for(fixtureNames('hostile'))('ends %s at its deadline', (name, { skip }) => {
  const input = readFixture('hostile', name);
  if (isLacking(input)) skip(LACKING);
  const { code, shape } = rewrite(input);
  let host: FuelHost | undefined;
  const started = processorMs();
  expect(() => {
    host = new FuelHost(code, shape, { slice: 50_000, deadlineMs: DEADLINE_MS });
    host.call('run');
  }).toThrow(WebAssembly.RuntimeError);
  if (host) expect(host.stopped).toBe(true);
  expect(processorMs() - started).toBeLessThan(2000);
});

it.for(fixtureNames('hostile').filter((name) => name !== 'start'))(
  'ends %s on its budget, always at the same unit',
  (name, { skip }) => {
    const input = readFixture('hostile', name);
    if (isLacking(input)) skip(LACKING);
    const { code, shape } = rewrite(input);
    const used = [0, 1].map(() => {
      const host = new FuelHost(code, shape, { slice: 50_000, budget: 1_000_000 });
      expect(() => host.call('run')).toThrow(WebAssembly.RuntimeError);
      expect(host.stopped).toBe(true);
      return host.used;
    });
    expect(used[0]).toBe(used[1]);
    expect(used[0]).toBeGreaterThan(1_000_000);
  },
);
