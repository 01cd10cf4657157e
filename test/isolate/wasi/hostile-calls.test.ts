import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LAST_ERRNO } from '../../../runtime/isolate/wasi/errno.ts';
import { ProcExit, SIGNATURES, WASI_NAMES, type WasiName } from '../../../runtime/isolate/wasi/index.ts';
import { create, DATA, Fd, Guest, opened, PATH, type Value } from './guest.ts';

const MEMORY_BYTES = 4 * 65_536;

const hostileI32 = fc.oneof(
  fc.integer({ min: 0, max: 12 }),
  fc.constantFrom(PATH, DATA, MEMORY_BYTES, MEMORY_BYTES - 1, MEMORY_BYTES - 8, 1024, 4096, 65_536),
  fc.constantFrom(-1, 0x7fff_ffff, -0x8000_0000, -8),
  fc.integer({ min: 0, max: MEMORY_BYTES }),
  fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }),
);
const hostileI64 = fc.oneof(
  fc.bigInt({ min: 0n, max: 64n }),
  fc.constantFrom(-1n, 1n << 40n, (1n << 53n) - 1n, 1n << 53n, (1n << 63n) - 1n, -(1n << 63n), 0x1fff_ffffn),
  fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
);

const callOf = (name: WasiName): fc.Arbitrary<{ name: WasiName; values: Value[] }> =>
  fc.record({
    name: fc.constant(name),
    values: fc.tuple(
      ...[...SIGNATURES[name]].map((type): fc.Arbitrary<Value> => (type === 'i' ? hostileI32 : hostileI64)),
    ),
  });
const anyCall = fc.constantFrom(...WASI_NAMES.filter((name) => name !== 'proc_exit')).chain(callOf);

/** A memory in which hostile pointers meet paths, buffers and subscriptions that mean something. */
const furnish = (guest: Guest): void => {
  guest.bytes.fill(0);
  create(guest, 'file', 'content');
  guest.call('path_create_directory', Fd.TMP, ...guest.put('dir'));
  opened(guest, 'file');
  opened(guest, 'dir', { access: 'directory' });
  guest.put('file\0dir\0../dir/file', PATH);
  guest.vectors([DATA, 16], [DATA + 8, 40_000]);
};

describe('whatever a guest passes', () => {
  it.each(WASI_NAMES.filter((name) => name !== 'proc_exit'))('%s answers an errno', (name) => {
    const guest = new Guest();
    furnish(guest);
    fc.assert(
      fc.property(callOf(name), ({ values }) => {
        const errno = guest.raw(name, ...values) as number;
        return Number.isInteger(errno) && errno >= 0 && errno <= LAST_ERRNO;
      }),
      { numRuns: 300 },
    );
  });

  it('a sequence of calls answers errnos, and leaves an orderly world to the next invocation', () => {
    fc.assert(
      fc.property(fc.array(anyCall, { minLength: 1, maxLength: 60 }), (calls) => {
        const guest = new Guest();
        furnish(guest);
        for (const { name, values } of calls) expect(guest.raw(name, ...values)).toBeLessThanOrEqual(LAST_ERRNO);
        guest.begin();
        create(guest, 'file', 'content');
        expect(opened(guest, 'file')).toBe(8);
      }),
      { numRuns: 150 },
    );
  });

  it('a memory that ends early is met with an errno, and nothing is written before its start or behind its end', () => {
    const whole = new ArrayBuffer(64);
    const guest = new Guest({ memory: () => whole });
    fc.assert(
      fc.property(anyCall, ({ name, values }) => (guest.raw(name, ...values) as number) <= LAST_ERRNO),
      { numRuns: 500 },
    );
  });

  it('an empty memory is met with an errno', () => {
    const guest = new Guest({ memory: () => new ArrayBuffer(0) });
    for (const name of WASI_NAMES.filter((name) => name !== 'proc_exit')) {
      const values = [...SIGNATURES[name]].map((type): Value => (type === 'i' ? 3 : 3n));
      expect(guest.raw(name, ...values), name).toBeLessThanOrEqual(LAST_ERRNO);
    }
  });

  it('a call that answers an errno other than SUCCESS writes nothing', () => {
    const guest = new Guest();
    const writing = WASI_NAMES.filter((name) => !['proc_exit', 'random_get'].includes(name));
    fc.assert(
      fc.property(fc.constantFrom(...writing).chain(callOf), ({ name, values }) => {
        guest.begin();
        guest.clear();
        const errno = guest.raw(name, ...values);
        return errno === 0 || guest.writtenOutside().length === 0;
      }),
      { numRuns: 1000 },
    );
  });

  it('what charge throws passes through, from every function and every charge', () => {
    const stop = new Error('out of fuel');
    let left = Number.POSITIVE_INFINITY;
    const guest = new Guest({
      charge: () => {
        if (left-- <= 0) throw stop;
      },
    });
    fc.assert(
      fc.property(anyCall, fc.integer({ min: 0, max: 3 }), ({ name, values }, charges) => {
        left = charges;
        try {
          expect(guest.raw(name, ...values)).toBeLessThanOrEqual(LAST_ERRNO);
        } catch (thrown) {
          if (thrown !== stop) throw thrown;
        }
        left = 0;
        expect(() => guest.raw(name, ...values)).toThrow(stop);
      }),
      { numRuns: 500 },
    );
  });

  it('proc_exit ends with any code, as an unsigned number', () => {
    const guest = new Guest();
    for (const code of [0, 1, 255, -1]) {
      try {
        guest.raw('proc_exit', code);
        expect.unreachable();
      } catch (exit) {
        expect(exit).toEqual(new ProcExit(code >>> 0));
      }
    }
  });
});
