import { expect, it } from 'vitest';
import { rewrite } from '../../runtime/wasm/index.ts';
import { processorMs } from '../support/processor-time.ts';
import { ENDLESS } from './collected-hostile.ts';
import { COLLECTED } from './collected-modules.ts';
import { isLacking, LACKING } from './fixture.ts';
import { FuelHost } from './fuel-host.ts';
import { expectUnchanged } from './unchanged.ts';

const DEADLINE_MS = 30;

it.for(Object.keys(COLLECTED))('runs the module of %s as it was, in any slices', (name, { skip }) => {
  const input = COLLECTED[name]!();
  if (isLacking(input)) skip(LACKING);
  expectUnchanged(input);
});

it.for(Object.keys(ENDLESS))('ends at its deadline what loops by %s', (name, { skip }) => {
  const input = ENDLESS[name]!;
  if (isLacking(input)) skip(LACKING);
  const { code, shape } = rewrite(input);
  const host = new FuelHost(code, shape, { slice: 50_000, deadlineMs: DEADLINE_MS });
  const started = processorMs();
  expect(() => host.call('run')).toThrow(WebAssembly.RuntimeError);
  expect(host.stopped).toBe(true);
  expect(processorMs() - started).toBeLessThan(2000);
});
