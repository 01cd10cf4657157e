import { describe, expect, it } from 'vitest';
import { openImages, startPool, textOf } from './fixture.ts';

const KEPT = { isolation: 'environment' } as const;

describe('a pool with room for three memories', () => {
  it('lets the isolates go that were not used for longest, and starts them anew from their image', async () => {
    const { pool, invoke } = await startPool({ threads: 1, mostMemories: 3 });
    const count = async (revision: string) => textOf(await invoke('counter', {}, { ...KEPT, revision }));
    for (const revision of ['a', 'b', 'c']) expect(await count(revision)).toBe('1');
    expect(await count('a')).toBe('2');
    expect(await count('d')).toBe('1');
    expect([await count('a'), await count('c'), await count('d')]).toEqual(['3', '2', '2']);
    expect(await count('b')).toBe('1');
    expect(await count('a')).toBe('1');
    expect(pool.statistics.liveIsolates).toBe(3);
  });

  it('counts the isolates of all threads together', async () => {
    const { pool, invoke } = await startPool({ threads: 2, mostMemories: 3 });
    for (let round = 0; round < 12; round++) {
      const pair = [0, 1].map((index) => invoke('counter', {}, { ...KEPT, revision: `${round} ${index}` }));
      expect((await Promise.all(pair)).map(textOf)).toEqual(['1', '1']);
    }
    await Promise.all([invoke('spin', {}, { timeoutMs: 20, revision: 'x' }), invoke('echo')]);
    expect(pool.statistics.liveIsolates).toBeLessThanOrEqual(4);
  });

  it('evicts an isolate that runs when it has ended', async () => {
    const { pool, invoke } = await startPool({ threads: 1, mostMemories: 1 });
    const patient = { timeoutMs: 20_000 };
    await invoke('late-growth', {}, patient);
    const growing = [
      invoke('late-growth', {}, patient),
      invoke('late-growth', {}, { ...patient, revision: 'b' }),
      invoke('echo', {}, patient),
    ];
    expect((await Promise.all(growing)).map(textOf)).toEqual(['1', '1', '{}']);
    expect(pool.statistics.liveIsolates).toBeLessThanOrEqual(3);
  });
});

describe('a pool whose cache has room for one artifact', () => {
  it('loads again what had to go, and closes its image', async () => {
    const before = openImages();
    const { invoke, loads } = await startPool({ threads: 1, cacheBytes: 1 });
    for (const image of ['a', 'b', 'a', 'a']) {
      expect(textOf(await invoke('large', {}, { image, revision: image }))).toBe('7');
    }
    expect(loads).toEqual(['a', 'b', 'a']);
    if (process.platform === 'linux') await expect.poll(openImages).toBe(before + 1);
  });

  it('never takes an image from an invocation that uses it', async () => {
    const { invoke, deaths } = await startPool({ threads: 2, cacheBytes: 1, mostMemories: 4 });
    const asked = Array.from({ length: 400 }, (_, index) => ({
      name: index % 3 === 0 ? 'large' : 'counter',
      image: `${index % 3 === 0 ? 'large' : 'counter'} ${index % 7}`,
      revision: `${index % 23}`,
    }));
    const answers = await Promise.all(
      asked.map(({ name, image, revision }) => invoke(name, {}, { image, revision: `${name} ${revision} ${image}` })),
    );
    expect(answers.map(textOf)).toEqual(asked.map(({ name }) => (name === 'large' ? '7' : '1')));
    expect(deaths).toEqual([]);
  });
});
