import { expect, it } from 'vitest';
import { startPool, textOf } from './fixture.ts';

it('a pool that is asked to look up knows what has ended within one turn of the event loop, and so do those who wait for it', async () => {
  const { pool, invoke } = await startPool({ threads: 2 });
  await Promise.all([invoke('echo'), invoke('echo')]);
  const answers = Promise.all(Array.from({ length: 20 }, (_, index) => invoke('echo', { index })));
  // All of them are with the threads once their artifact was found to be ready, which takes a microtask.
  await Promise.resolve();
  expect(pool.statistics.inFlight).toBe(20);
  const until = performance.now() + 20_000;
  while (pool.statistics.inFlight > 0 && performance.now() < until) pool.lookUp();
  expect(pool.statistics.inFlight).toBe(0);
  expect((await answers).map(textOf)).toEqual(Array.from({ length: 20 }, (_, index) => `{"index":${index}}`));
});
