import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../runtime/isolate/wasi/errno.ts';
import { SharedContent, TmpContent } from '../../../runtime/isolate/wasi/file-content.ts';
import { Volume } from '../../../runtime/isolate/wasi/volume.ts';

const CAPACITY = 300 * 1024;
const GIBIBYTE = 2 ** 30;

const place = fc.oneof(
  fc.integer({ min: 0, max: CAPACITY + 5000 }),
  fc.constantFrom(0, 1, 4095, 4096, 65_535, 65_536, 131_072, CAPACITY - 1, CAPACITY),
);
const change = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), at: place, length: fc.integer({ min: 1, max: 150_000 }) }),
  fc.record({ kind: fc.constant('resize' as const), at: place, length: fc.constant(0) }),
);

/** The model after so many bytes were written at a place, zeros in the gap. */
const changed = (model: Uint8Array, at: number, written: number, byte: number): Uint8Array => {
  const next = new Uint8Array(Math.max(model.length, at + written));
  next.set(model);
  next.fill(byte, at, at + written);
  return next;
};

describe('the bytes of a file in /tmp', () => {
  it('are those of a plain array, whatever is written, cut and lengthened', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
        const volume = new Volume(2n, 'read-write', CAPACITY);
        const content = new TmpContent(volume);
        let model = new Uint8Array(0);
        for (const [index, { kind, at, length }] of changes.entries()) {
          try {
            if (kind === 'write') {
              const written = content.write(new Uint8Array(length).fill(index + 1), at);
              expect(written).toBe(Math.min(length, CAPACITY - at));
              model = new Uint8Array(changed(model, at, written, index + 1));
            } else {
              content.resize(at);
              model = at < model.length ? model.slice(0, at) : new Uint8Array(changed(model, at, 0, 0));
            }
          } catch (failure) {
            expect(failure).toBeInstanceOf(Failure);
            expect(at).toBeGreaterThanOrEqual(CAPACITY);
          }
          expect(volume.usedBytes).toBe(Math.ceil(content.size / 4096) * 4096);
        }
        const held = new Uint8Array(CAPACITY).fill(0xff);
        expect(content.read(held, 0)).toBe(model.length);
        expect(Buffer.compare(held.subarray(0, model.length), model)).toBe(0);
        content.resize(0);
        expect(volume.usedBytes).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it('take no memory where nothing was written', () => {
    const content = new TmpContent(new Volume(2n, 'read-write', 10 * GIBIBYTE));
    const before = process.memoryUsage().arrayBuffers;
    content.resize(10 * GIBIBYTE);
    content.write(Buffer.from('end'), 10 * GIBIBYTE - 3);
    const tail = new Uint8Array(5);
    expect(content.read(tail, 10 * GIBIBYTE - 5)).toBe(5);
    expect(Buffer.from(tail).toString()).toBe('\0\0end');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
  });
});

describe('the bytes of a package', () => {
  it('are read from anywhere, and end where they end', () => {
    const content = new SharedContent(Buffer.from('0123456789'));
    const target = Buffer.alloc(4, '-');
    expect(content.read(target, 8)).toBe(2);
    expect(target.toString()).toBe('89--');
    expect(content.read(target, 10)).toBe(0);
    expect(content.read(target, Number.MAX_SAFE_INTEGER)).toBe(0);
  });
});
