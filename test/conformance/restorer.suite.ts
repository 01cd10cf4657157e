import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { closeImage, createRestorer, packImage, type SnapshotMode, shareImage } from '../../runtime/snapshot/index.ts';

const PAGE = 65_536;

/** What every way of bringing an image back promises, whatever the memory held before. */
export function describeRestorer(way: string, { mode, pages, kind }: RestorerCase): void {
  describe(way, async () => {
    const bytes = Uint8Array.from({ length: pages * PAGE }, (_, index) => (index * 31 + (index >> 12)) & 255);
    // A part that is all zeros, and one that begins in the middle of a page.
    bytes.fill(0, bytes.byteLength / 2 + 1_000, bytes.byteLength - 5_000);
    const image = await shareImage(packImage({ memories: [bytes], globals: ['1'], tables: [], draws: [] }), mode);
    const [shared] = image.memories as [(typeof image.memories)[number]];
    const restorer = createRestorer(shared);
    const create = () => new WebAssembly.Memory({ initial: pages, maximum: pages * 4 });
    const holds = (memory: WebAssembly.Memory) => Buffer.compare(new Uint8Array(memory.buffer), bytes) === 0;
    afterAll(() => closeImage(image));

    it('shares it as expected', () => {
      expect(shared.kind).toBe(kind);
      expect(image.globals).toEqual(['1']);
    });

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
      new Uint8Array(memory.buffer).fill(0xee);
      restorer.restore(memory);
      expect(holds(memory)).toBe(true);
    });

    it('undoes any writes at a reset, of single bytes and of stretches over several pages', () => {
      const memory = create();
      restorer.restore(memory);
      const write = fc.tuple(fc.nat(bytes.byteLength - 1), fc.nat(255), fc.oneof(fc.constant(1), fc.nat(20_000)));
      fc.assert(
        fc.property(fc.array(write, { maxLength: 200 }), (writes) => {
          const view = new Uint8Array(memory.buffer);
          for (const [at, value, length] of writes) view.fill(value, at, at + length);
          restorer.reset(memory);
          return holds(memory);
        }),
        { numRuns: 50 },
      );
    });

    it('gives back what was only read, and what was not touched at all', () => {
      const memory = create();
      restorer.restore(memory);
      for (let round = 0; round < 20; round++) {
        const view = new Uint8Array(memory.buffer);
        let sum = 0;
        for (let at = round; at < view.byteLength; at += 4_096 * 3) sum += view[at] as number;
        view[(round * 4_099 * 7) % view.byteLength] = sum;
        restorer.reset(memory);
        expect(holds(memory)).toBe(true);
      }
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

    it('takes a memory over from another image of the same size, and gives it back to it', async () => {
      const inverse = bytes.map((byte) => ~byte);
      const other = await shareImage(packImage({ memories: [inverse], globals: [], tables: [], draws: [] }), mode);
      const second = createRestorer(other.memories[0] as typeof shared);
      const memory = create();
      for (let round = 0; round < 3; round++) {
        restorer.restore(memory);
        expect(holds(memory)).toBe(true);
        new Uint8Array(memory.buffer).fill(3, 10, 9_000);
        second.restore(memory);
        expect(Buffer.compare(new Uint8Array(memory.buffer), inverse)).toBe(0);
        new Uint8Array(memory.buffer).fill(4, 5_000, 14_000);
        second.reset(memory);
        expect(Buffer.compare(new Uint8Array(memory.buffer), inverse)).toBe(0);
      }
      closeImage(other);
    });

    it('lets go of the image in a memory, which takes it again', () => {
      const memory = create();
      restorer.restore(memory);
      new Uint8Array(memory.buffer).fill(9, 0, 10_000);
      restorer.release(memory);
      restorer.release(memory);
      restorer.restore(memory);
      expect(holds(memory)).toBe(true);
    });

    it('lets a restored memory grow, by zeros, and refuses to reset it then', () => {
      const memory = create();
      restorer.restore(memory);
      memory.grow(1);
      expect(new Uint8Array(memory.buffer, pages * PAGE).every((byte) => byte === 0)).toBe(true);
      expect(() => restorer.reset(memory)).toThrow(RangeError);
      expect(() => restorer.restore(memory)).toThrow(RangeError);
    });

    it('refuses a memory that is smaller than the image', () => {
      const memory = new WebAssembly.Memory({ initial: pages - 1, maximum: pages });
      expect(() => restorer.restore(memory)).toThrow(RangeError);
    });
  });
}

export interface RestorerCase {
  readonly mode: SnapshotMode;
  readonly pages: number;
  readonly kind: 'mapped' | 'copied';
}
