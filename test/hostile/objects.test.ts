import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BOMBS } from '../support/objects.ts';
import { isLacking, LACKING } from '../wasm/fixture.ts';
import { exitedBy, type HostileIsola, startHostileIsola } from './hostile-isola.ts';

const knowsObjects = !isLacking(Object.values(BOMBS)[0]!);

describe.skipIf(!knowsObjects)(`a guest that bursts with objects${knowsObjects ? '' : `: ${LACKING}`}`, () => {
  let hostile: HostileIsola;
  beforeAll(async () => {
    hostile = await startHostileIsola();
  });
  afterEach(() => hostile.assertUnharmed());
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
