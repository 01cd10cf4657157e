import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { FAILING, openImages, startPool, textOf } from './fixture.ts';

describe('the pool', () => {
  it('answers each of many invocations with its own result', async () => {
    const { invoke } = await startPool({ threads: 2 });
    const outcomes = await Promise.all(Array.from({ length: 500 }, (_, index) => invoke('echo', { index })));
    expect(outcomes.map(textOf)).toEqual(Array.from({ length: 500 }, (_, index) => JSON.stringify({ index })));
  });

  it('finds the same isolate again, so that kept state is seen', async () => {
    const { invoke } = await startPool({ threads: 4 });
    const counts: string[] = [];
    for (let index = 0; index < 5; index++)
      counts.push(textOf(await invoke('counter', {}, { isolation: 'environment' })));
    expect(counts).toEqual(['1', '2', '3', '4', '5']);
  });

  it('moves what waits behind a long invocation to another thread', async () => {
    const { invoke, deaths } = await startPool({ threads: 2 });
    await Promise.all([invoke('echo'), invoke('spin', {}, { timeoutMs: 1, revision: 'short' })]);
    let ended = false;
    const spinning = invoke('spin', {}, { timeoutMs: 1_500 }).finally(() => {
      ended = true;
    });
    const echoes = await Promise.all(Array.from({ length: 30 }, (_, index) => invoke('echo', index)));
    expect(ended).toBe(false);
    expect(echoes.map(textOf)).toEqual(Array.from({ length: 30 }, (_, index) => String(index)));
    expect(await spinning).toMatchObject({ kind: 'timed-out' });
    expect(deaths).toEqual([]);
  });

  it('runs every invocation exactly once while long ones keep giving others back', async () => {
    const { invoke } = await startPool({ threads: 3 });
    const all = Array.from({ length: 600 }, (_, index) =>
      index % 40 === 0 ? invoke('spin', index, { timeoutMs: 20 }) : invoke('echo', index),
    );
    const outcomes = await Promise.all(all);
    expect(outcomes.filter(({ kind }) => kind === 'timed-out')).toHaveLength(15);
    expect(outcomes.filter(({ kind }) => kind === 'succeeded')).toHaveLength(585);
  });

  it('gives back what came to a thread after its guest had gone to sleep', async () => {
    const { invoke } = await startPool({ threads: 2 });
    await Promise.all([invoke('echo'), invoke('sleeper', 0, { timeoutMs: 1 })]);
    let ended = false;
    const sleeping = invoke('sleeper', 0, { timeoutMs: 2_000 }).finally(() => {
      ended = true;
    });
    await setImmediate();
    // The thread sleeps and has said so, and this one has not heard it yet.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    const echoes = await Promise.all(Array.from({ length: 12 }, (_, index) => invoke('echo', index)));
    expect(ended).toBe(false);
    expect(echoes.map(textOf)).toEqual(Array.from({ length: 12 }, (_, index) => String(index)));
    expect(await sleeping).toMatchObject({ kind: 'timed-out', cause: 'deadline' });
  });

  it('ends the invocation of a thread that dies, replaces the thread, and goes on', async () => {
    const { invoke, deaths } = await startPool({ threads: 1, entry: FAILING });
    await invoke('echo', 'warm');
    const [dead, ...after] = await Promise.all([
      invoke('echo', 'exit'),
      ...[1, 2, 3].map((index) => invoke('echo', index)),
    ]);
    expect(dead).toMatchObject({ kind: 'crashed' });
    expect(after.map(textOf)).toEqual(['1', '2', '3']);
    expect(deaths).toHaveLength(1);
    expect(textOf(await invoke('echo', 'again'))).toBe('"again"');
  });

  it('gives up a thread that hangs in the host', async () => {
    const { invoke, deaths } = await startPool({ threads: 1, entry: FAILING });
    expect(await invoke('echo', 'hang', { timeoutMs: 200 })).toMatchObject({
      kind: 'crashed',
      reason: 'a host call did not return',
    });
    expect(deaths).toEqual(['a host call did not return']);
    expect(textOf(await invoke('echo', 'again'))).toBe('"again"');
  });

  it('refuses a module it cannot build, in words', async () => {
    const { pool } = await startPool({ threads: 1 });
    expect(await pool.build(Buffer.from('not wasm'), { memoryMb: 128, handler: 'h' })).toMatchObject({
      kind: 'refused',
    });
  });

  it('reports the cold phases once, and none when warm', async () => {
    const { invoke } = await startPool({ threads: 1 });
    expect(await invoke('echo')).toMatchObject({
      report: { cold: { compileMs: expect.any(Number), instantiateMs: expect.any(Number) } },
    });
    expect(await invoke('echo')).not.toHaveProperty('report.cold');
  });
});

describe('a pool that forgets an image', () => {
  it('still runs on it what was let in before', async () => {
    const { pool, invoke } = await startPool({ threads: 1 });
    await invoke('large');
    await invoke('spin', {}, { timeoutMs: 1 });
    const spinning = invoke('spin', {}, { timeoutMs: 100 });
    const waiting = invoke('large', {}, { revision: 'another' });
    pool.forget('large');
    expect(textOf(await waiting)).toBe('7');
    await spinning;
  });

  it.runIf(process.platform === 'linux')('closes it when the last thread has let go of it', async () => {
    const before = openImages();
    const { pool, invoke } = await startPool({ threads: 2 });
    await Promise.all(Array.from({ length: 40 }, () => invoke('large')));
    expect(openImages()).toBe(before + 1);
    const last = invoke('large');
    pool.forget('large');
    expect(openImages()).toBe(before + 1);
    await last;
    await expect.poll(openImages).toBe(before);
  });

  it.runIf(process.platform === 'linux')('closes it although it was still being loaded', async () => {
    const before = openImages();
    const { pool, invoke } = await startPool({ threads: 1 });
    const loading = invoke('large');
    await Promise.resolve();
    pool.forget('large');
    expect(textOf(await loading)).toBe('7');
    await expect.poll(openImages).toBe(before);
    expect(textOf(await invoke('large'))).toBe('7');
  });

  it.runIf(process.platform === 'linux')('keeps it in no memory that waits for another isolate', async () => {
    const { pool, invoke } = await startPool({ threads: 1 });
    const mapped = () => readFileSync('/proc/self/maps', 'utf8').split('isola-image').length - 1;
    const before = mapped();
    await invoke('large');
    expect(mapped()).toBeGreaterThan(before);
    pool.forget('large');
    await expect.poll(mapped).toBe(before);
  });

  it('leaves a running guest its memory until it has ended', async () => {
    const { pool, invoke } = await startPool({ threads: 1 });
    await invoke('late-growth');
    const growing = invoke('late-growth');
    pool.forget('late-growth');
    expect(textOf(await growing)).toBe('1');
    expect(textOf(await invoke('counter'))).toBe('1');
  });
});
