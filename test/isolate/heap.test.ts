import v8 from 'node:v8';
import { describe, expect, it } from 'vitest';
import { textOf, toInThread } from '../support/in-thread.ts';
import { toModule } from '../support/module-bytes.ts';
import { BOMBS, END, forever, gc, guestOfObjects, i32, keepArray, MIB, turns } from '../support/objects.ts';
import { isLacking, LACKING } from '../wasm/fixture.ts';

describe('a guest that keeps more objects than its MemorySize', () => {
  it.for(Object.keys(BOMBS))('as %s ends out of memory, again and again', (name, { skip }) => {
    const wasm = BOMBS[name]!;
    if (isLacking(wasm)) skip(LACKING);
    const { invoke } = toInThread(wasm, { settings: { timeoutMs: 20_000 } });
    for (let times = 0; times < 3; times++) expect(invoke().kind).toBe('out-of-memory');
  });

  it('in parts over several invocations that reuse the environment ends as well', ({ skip }) => {
    const wasm = guestOfObjects(2, turns(8, ...keepArray(5 * MIB)));
    if (isLacking(wasm)) skip(LACKING);
    const { invoke } = toInThread(wasm, { settings: { timeoutMs: 20_000, isolation: 'environment' } });
    const kinds = [1, 2, 3, 4].map(() => invoke().kind);
    expect(kinds.slice(0, 2)).toEqual(['succeeded', 'succeeded']);
    expect(kinds).toContain('out-of-memory');
  });
});

describe('a guest that drops what it makes', () => {
  it('may make far more than its MemorySize', ({ skip }) => {
    const small = guestOfObjects(0, turns(20_000_000, 0x42, 1, 0x1a, 0xd0, 0, 0x42, 1, ...gc(0x00, 0), 0x24, 0));
    if (isLacking(small)) skip(LACKING);
    const large = guestOfObjects(2, turns(40, 0xd0, 2, ...i32(20 * MIB), ...gc(0x07, 1), ...gc(0x00, 2), 0x24, 0));
    for (const wasm of [small, large]) {
      const { invoke } = toInThread(wasm, { settings: { timeoutMs: 60_000 } });
      expect(textOf(invoke())).toBe('');
    }
  });
});

it('an isolate that has ended holds none of the objects that its guest made', ({ skip }) => {
  const wasm = guestOfObjects(2, turns(8, ...keepArray(5 * MIB)));
  if (isLacking(wasm)) skip(LACKING);
  const ended = Array.from({ length: 10 }, () => toInThread(wasm));
  for (const { invoke } of ended) expect(textOf(invoke())).toBe('');
  expect(v8.getHeapStatistics().used_heap_size).toBeLessThan(250 * MIB);
});

it('an array that cannot be made before the deadline is not begun', ({ skip }) => {
  const wasm = guestOfObjects(2, forever(0xd0, 2, ...i32(100 * MIB), ...gc(0x07, 1), ...gc(0x00, 2), 0x24, 0));
  if (isLacking(wasm)) skip(LACKING);
  const { invoke } = toInThread(wasm, { settings: { timeoutMs: 50 } });
  expect(invoke()).toMatchObject({ kind: 'timed-out', cause: 'deadline' });
});

it('initialisers may not make objects without bound, as nothing is metered yet', ({ skip }) => {
  const array = (length: number): Uint8Array =>
    toModule({
      types: [
        [0x5e, 0x78, 1],
        [0x60, 0, 0],
      ],
      globals: [[0x64, 0, 0, ...i32(length), ...gc(0x07, 0), END]],
      functions: [{ type: 1, name: '_start', code: [] }],
    });
  if (isLacking(array(1))) skip(LACKING);
  expect(toInThread(array(MIB)).invoke().kind).toBe('succeeded');
  expect(() => toInThread(array(100 * MIB))).toThrow('initialisers of 104857616 bytes');
});
