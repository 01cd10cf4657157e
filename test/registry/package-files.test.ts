import { describe, expect, it } from 'vitest';
import { overlay, sharedFiles } from '../../runtime/registry/package-files.ts';

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
    const files = sharedFiles(layer({ a: 'one', empty: '', b: 'two' }));
    expect(textsOf(files)).toEqual({ a: 'one', empty: '', b: 'two' });
    const posted = structuredClone(files);
    (files.get('b') as Uint8Array)[0] = 'T'.charCodeAt(0);
    expect(textsOf(posted)).toEqual({ a: 'one', empty: '', b: 'Two' });
  });
});
