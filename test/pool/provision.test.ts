import { expect, it } from 'vitest';
import type { FunctionVersion } from '../../runtime/contract/function-version.ts';
import { toFunctionVersion } from '../support/function-version.ts';
import { FAILING, startPool, textOf } from './fixture.ts';

const target: FunctionVersion = toFunctionVersion('counter');

it('restores isolates ahead, so that no invocation is a cold start', async () => {
  const { pool, invoke } = await startPool({ threads: 2 });
  await pool.provision(target, 5);
  await expect.poll(() => pool.provisioned(target.revision)).toBe(5);
  const outcomes = await Promise.all(Array.from({ length: 40 }, () => invoke('counter')));
  for (const outcome of outcomes) {
    expect(textOf(outcome)).toBe('1');
    expect(outcome).not.toHaveProperty('report.cold');
  }
});

it('restores another one when one was used up', async () => {
  const { pool, invoke } = await startPool({ threads: 1 });
  await pool.provision(toFunctionVersion('trap'), 2);
  await expect.poll(() => pool.provisioned('trap')).toBe(2);
  const outcomes = await Promise.all([invoke('trap'), invoke('trap')]);
  for (const outcome of outcomes) expect(outcome).not.toHaveProperty('report.cold');
  await expect.poll(async () => JSON.stringify(await invoke('trap'))).not.toContain('"cold"');
  expect(pool.statistics.liveIsolates).toBeLessThanOrEqual(2);
});

it('leaves provisioned isolates alone when others must go', async () => {
  const { pool, invoke } = await startPool({ threads: 1, mostMemories: 3, cacheBytes: 1 });
  const keeping = toFunctionVersion('counter', { isolation: 'environment' });
  await pool.provision(keeping, 1);
  await expect.poll(() => pool.provisioned(keeping.revision)).toBe(1);
  expect(textOf(await invoke('counter', {}, { isolation: 'environment' }))).toBe('1');
  for (let index = 0; index < 10; index++) await invoke('echo', index, { revision: `${index}`, image: `${index}` });
  expect(textOf(await invoke('counter', {}, { isolation: 'environment' }))).toBe('2');
});

it('lets them go when they are not wanted any more', async () => {
  const { pool, invoke } = await startPool({ threads: 1 });
  await pool.provision(target, 3);
  await expect.poll(() => pool.provisioned(target.revision)).toBe(3);
  await pool.provision(target, 0);
  expect(pool.provisioned(target.revision)).toBe(0);
  expect(await invoke('counter')).toHaveProperty('report.cold');
  expect(pool.statistics.liveIsolates).toBe(1);
});

it('gives a thread that comes in place of another one its share', async () => {
  const { pool, invoke, deaths } = await startPool({ threads: 1, entry: FAILING });
  await pool.provision(toFunctionVersion('echo'), 2);
  await expect.poll(() => pool.provisioned('echo')).toBe(2);
  expect(await invoke('echo', 'exit')).toMatchObject({ kind: 'crashed' });
  expect(deaths).toHaveLength(1);
  await expect.poll(() => pool.provisioned('echo')).toBe(2);
  expect(await invoke('echo')).not.toHaveProperty('report.cold');
});
