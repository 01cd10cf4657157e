import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BOMBS } from '../support/objects.ts';
import { isLacking, LACKING } from '../wasm/fixture.ts';
import { exitedBy, type HostileIsola, startHostileIsola } from './hostile-isola.ts';

/**
 * Sixteen bombs of 128 MB would hold 2 GiB if nothing came back. Each of two threads may keep dead objects until its next
 * collection, which comes with its next bomb.
 */
const GROWTH_BYTES = 768 * 1024 * 1024;

const knowsObjects = !isLacking(Object.values(BOMBS)[0]!);

describe.skipIf(!knowsObjects)(`a guest that bursts with objects${knowsObjects ? '' : `: ${LACKING}`}`, () => {
  let hostile: HostileIsola;
  beforeAll(async () => {
    hostile = await startHostileIsola();
  });
  afterEach(() => hostile.assertUnharmed(GROWTH_BYTES));
  afterAll(() => hostile.stop());

  it.each(Object.entries(BOMBS))('as %s dies of its memory limit, every time, and harms nobody', async (how, wasm) => {
    const name = how.replaceAll(/\W+/g, '-');
    await hostile.isola.create(name, wasm, { Timeout: 20 });
    for (let attempt = 0; attempt < 4; attempt++) {
      const both = await Promise.all([hostile.invoke(name), hostile.invoke('neighbour', attempt)]);
      expect(both).toMatchObject([exitedBy('signal: killed'), { payload: attempt }]);
    }
  });
});
