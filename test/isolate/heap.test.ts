import { describe, expect, it } from 'vitest';
import { textOf, toInThread } from '../support/in-thread.ts';
import { signed, toModule } from '../support/module-bytes.ts';
import { isLacking, LACKING } from '../wasm/fixture.ts';

const I32 = 0x7f;
const END = 0x0b;
const i32 = (value: number): number[] => [0x41, ...signed(value)];
const gc = (op: number, ...rest: number[]): number[] => [0xfb, op, ...rest];

/**
 * Types 0: a list of structs, 1: bytes, 2: a list of arrays, 3: (i32) -> i32, 4: (i32, i32) -> i64, 5: (), 6: a tag of
 * exnref. Local 2 is free, an i32; 3 is a reference of the type asked for. The list lives in global 0.
 */
function guest(list: number, code: readonly number[]): Uint8Array {
  const bytes = toModule({
    types: [
      [0x5f, 2, 0x63, 0, 1, 0x7e, 1],
      [0x5e, 0x78, 1],
      [0x5f, 2, 0x63, 2, 1, 0x63, 1, 1],
      [0x60, 1, I32, 1, I32],
      [0x60, 2, I32, I32, 1, 0x7e],
    ],
    memories: [[0, 1]],
    globals: [[0x63, list, 1, 0xd0, list, END]],
    functions: [
      { type: 3, name: 'isola_alloc', code: i32(1024) },
      { type: 4, name: 'handler', locals: [[1, I32]], code: [...code, ...[0x42, 0]] },
    ],
  });
  return bytes;
}

const forever = (...code: number[]): number[] => [0x03, 0x40, ...code, 0x0c, 0, END];
const turns = (count: number, ...code: number[]): number[] => [
  ...[...i32(count), 0x21, 2, 0x03, 0x40, ...code, 0x20, 2, ...i32(1), 0x6b, 0x22, 2, 0x0d, 0, END],
];
const KEEP_STRUCT = [0x23, 0, 0x42, 1, ...gc(0x00, 0), 0x24, 0];
const keepArray = (length: number): number[] => [0x23, 0, ...i32(length), ...gc(0x07, 1), ...gc(0x00, 2), 0x24, 0];
const MIB = 1024 * 1024;

const BOMBS: Readonly<Record<string, Uint8Array>> = {
  'a list of structs': guest(0, forever(...KEEP_STRUCT)),
  'a list of small arrays': guest(2, forever(...keepArray(1000))),
  'a list of large arrays': guest(2, forever(...keepArray(50 * MIB))),
  'one array': guest(2, keepArray(1000 * MIB)),
};

describe('a guest that keeps more objects than its MemorySize', () => {
  it.for(Object.keys(BOMBS))('as %s ends out of memory, again and again', (name, { skip }) => {
    const wasm = BOMBS[name]!;
    if (isLacking(wasm)) skip(LACKING);
    const { invoke } = toInThread(wasm, { settings: { timeoutMs: 20_000 } });
    for (let times = 0; times < 3; times++) expect(invoke().kind).toBe('out-of-memory');
  });

  it('in parts over several invocations that reuse the environment ends as well', ({ skip }) => {
    const wasm = guest(2, turns(8, ...keepArray(5 * MIB)));
    if (isLacking(wasm)) skip(LACKING);
    const { invoke } = toInThread(wasm, { settings: { timeoutMs: 20_000, isolation: 'environment' } });
    const kinds = [1, 2, 3, 4].map(() => invoke().kind);
    expect(kinds.slice(0, 2)).toEqual(['succeeded', 'succeeded']);
    expect(kinds).toContain('out-of-memory');
  });
});

describe('a guest that drops what it makes', () => {
  it('may make far more than its MemorySize', ({ skip }) => {
    const small = guest(0, turns(20_000_000, 0x42, 1, 0x1a, 0xd0, 0, 0x42, 1, ...gc(0x00, 0), 0x24, 0));
    if (isLacking(small)) skip(LACKING);
    const large = guest(2, turns(40, 0xd0, 2, ...i32(20 * MIB), ...gc(0x07, 1), ...gc(0x00, 2), 0x24, 0));
    for (const wasm of [small, large]) {
      const { invoke } = toInThread(wasm, { settings: { timeoutMs: 60_000 } });
      expect(textOf(invoke())).toBe('');
    }
  });
});

it('an array that cannot be made before the deadline is not begun', ({ skip }) => {
  const wasm = guest(2, forever(0xd0, 2, ...i32(100 * MIB), ...gc(0x07, 1), ...gc(0x00, 2), 0x24, 0));
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
