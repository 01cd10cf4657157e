import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Image } from '../../runtime/contract/artifact.ts';
import { closeImage, packImage, shareImage, shareImageSync } from '../../runtime/snapshot/index.ts';

const PAGE = 65_536;

function toImage(memories: readonly Uint8Array[]): Image {
  return {
    memories,
    globals: ['1', '-5'],
    draws: [{ what: 'clock', name: 'isola.clock' }],
    tables: [{ size: 2, changed: [{ index: 1, entry: { table: 0, slot: 0 } }] }],
  };
}

async function unpacked(packed: Uint8Array): Promise<Uint8Array[]> {
  const { memories } = await shareImage(packed, 'copy');
  return memories.map((shared) => new Uint8Array((shared as Extract<typeof shared, { kind: 'copied' }>).memory));
}

describe('a packed image', () => {
  it('comes back as it was, whatever its memories hold', async () => {
    const stretch = fc.record({ at: fc.nat(20 * PAGE), length: fc.nat(30_000), seed: fc.nat(255) });
    const memory = fc.tuple(fc.nat(20), fc.array(stretch, { maxLength: 8 })).map(([pages, stretches]) => {
      const bytes = new Uint8Array(pages * PAGE);
      for (const { at, length, seed } of stretches) {
        for (let i = at; i < Math.min(at + length, bytes.length); i++) bytes[i] = (i * 2_654_435_761 + seed) >>> 13;
      }
      return bytes;
    });
    await fc.assert(
      fc.asyncProperty(fc.array(memory, { maxLength: 3 }), async (memories) => {
        const back = await unpacked(packImage(toImage(memories)));
        expect(back.map((bytes, index) => Buffer.compare(bytes, memories[index] as Uint8Array))).toEqual(
          memories.map(() => 0),
        );
      }),
      { numRuns: 20 },
    );
  });

  it('holds nothing of pages that are zero, and the rest compressed', () => {
    const bytes = new Uint8Array(1_000 * PAGE);
    bytes.fill(7, 500_000, 700_000);
    expect(packImage(toImage([bytes])).byteLength).toBeLessThan(2_000);
  });

  it('is the same for the same image, and as the synchronous way reads it', async () => {
    const bytes = Uint8Array.from({ length: 40 * PAGE }, (_, index) => (index * index) >>> 7);
    const packed = packImage(toImage([bytes]));
    expect(Buffer.compare(packImage(toImage([bytes.slice()])), packed)).toBe(0);
    const image = shareImageSync(packed, 'copy');
    expect(image).toEqual(await shareImage(packed, 'copy'));
    expect(image.tables).toEqual(toImage([]).tables);
    closeImage(image);
  });

  it.each([
    ['anything else', (packed: Uint8Array) => Buffer.from(`something ${packed.length}`)],
    ['one that was cut short', (packed: Uint8Array) => packed.subarray(0, packed.length - 1)],
    ['one whose chunk was damaged', (packed: Uint8Array) => Buffer.from(packed).fill(0xee, packed.length - 200)],
    ['one whose head was damaged', (packed: Uint8Array) => Buffer.from(packed).fill(1, 20, 30)],
  ])('is refused when it is %s', async (_, spoil) => {
    const bytes = Uint8Array.from({ length: 40 * PAGE }, (_, index) => (index * index) >>> 7);
    const packed = packImage(toImage([bytes, bytes]));
    await expect(shareImage(spoil(packed), 'auto')).rejects.toThrow();
    expect(() => shareImageSync(spoil(packed), 'auto')).toThrow();
  });
});
