import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { closeImage, createRestorer, type SnapshotMode, shareImage } from '../../runtime/snapshot/index.ts';
import { loadLibc } from '../../runtime/snapshot/libc.ts';

const PAGE = 65_536;

/** One suite over both ways of bringing an image back. Large images are mapped, small ones copied. */
const WAYS: readonly { way: string; mode: SnapshotMode; pages: number; kind: string }[] = [
  { way: 'copying a small image', mode: 'auto', pages: 1, kind: 'copied' },
  { way: 'copying a large image', mode: 'copy', pages: 16, kind: 'copied' },
  ...(loadLibc() ? [{ way: 'mapping a large image', mode: 'auto' as const, pages: 16, kind: 'mapped' }] : []),
];

describe.each(WAYS)('$way', ({ mode, pages, kind }) => {
  const bytes = Uint8Array.from({ length: pages * PAGE }, (_, index) => (index * 31 + (index >> 12)) & 255);
  const image = shareImage({ memory: bytes, globals: ['1'] }, mode);
  const restorer = createRestorer(image);
  const create = () => new WebAssembly.Memory({ initial: pages, maximum: pages * 4 });
  const holds = (memory: WebAssembly.Memory) => Buffer.compare(new Uint8Array(memory.buffer), bytes) === 0;
  afterAll(() => closeImage(image));

  it('shares it as expected', () => expect(image.kind).toBe(kind));

  it('fills a fresh memory with the image', () => {
    const memory = create();
    restorer.restore(memory);
    expect(holds(memory)).toBe(true);
  });

  it('replaces every byte of a memory that somebody else used', () => {
    const memory = create();
    new Uint8Array(memory.buffer).fill(0xee);
    restorer.restore(memory);
    expect(holds(memory)).toBe(true);
  });

  it('undoes any writes at a reset', () => {
    const memory = create();
    restorer.restore(memory);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(bytes.byteLength - 1), fc.nat(255)), { maxLength: 200 }), (writes) => {
        const view = new Uint8Array(memory.buffer);
        for (const [at, value] of writes) view[at] = value;
        restorer.reset(memory);
        return holds(memory);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps memories of one image apart, and the image unharmed', () => {
    const [one, two] = [create(), create()];
    restorer.restore(one);
    restorer.restore(two);
    new Uint8Array(one.buffer).fill(1);
    expect(holds(two)).toBe(true);
    restorer.reset(one);
    expect(holds(one)).toBe(true);
  });

  it('lets a restored memory grow and refuses to reset it then', () => {
    const memory = create();
    restorer.restore(memory);
    memory.grow(1);
    expect(new Uint8Array(memory.buffer, pages * PAGE).every((byte) => byte === 0)).toBe(true);
    expect(() => restorer.reset(memory)).toThrow(RangeError);
  });
});
