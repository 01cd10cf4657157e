import { describe, expect, it } from 'vitest';
import { layOut, overlay } from '../../runtime/registry/package-files.ts';

const layer = (files: Readonly<Record<string, string>>) =>
  new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));
const textsOf = (files: ReadonlyMap<string, Uint8Array>) =>
  Object.fromEntries([...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]));

describe('the files of packages', () => {
  it('lie over each other, the later ones on top', () => {
    const files = overlay([layer({ a: '1', b: '1' }), layer({ b: '2', c: '2' }), layer({ c: '3' })]);
    expect(textsOf(files)).toEqual({ a: '1', b: '2', c: '3' });
  });

  it('are none without layers, and those of the only one', () => {
    const only = layer({ a: '1' });
    expect(overlay([]).size).toBe(0);
    expect(overlay([only])).toBe(only);
  });

  it('take one piece of memory, which a thread is given and not a copy of it', () => {
    const sizes = [
      ['a', 3],
      ['empty', 0],
      ['b', 3],
    ] as const;
    const files = layOut(sizes, 'shared');
    const posted = structuredClone(files);
    files.get('a')?.set(Buffer.from('one'));
    files.get('b')?.set(Buffer.from('two'));
    expect(textsOf(posted)).toEqual({ a: 'one', empty: '', b: 'two' });
  });

  it('are memory that the engine counts, and gives back in time, shared or not', () => {
    const counted = () => process.memoryUsage().external;
    const before = counted();
    const own = layOut([['a', 64_000_000]], 'own');
    const withOwn = counted();
    const shared = layOut([['a', 64_000_000]], 'shared');
    const withBoth = counted();
    expect(withOwn - before).toBeGreaterThan(60_000_000);
    expect(withBoth - withOwn).toBeGreaterThan(60_000_000);
    for (const files of [own, shared]) expect(files.get('a')).toHaveLength(64_000_000);
  });
});
