import { signed, toModule } from './module-bytes.ts';

const I32 = 0x7f;
export const END = 0x0b;
export const i32 = (value: number): number[] => [0x41, ...signed(value)];
export const gc = (op: number, ...rest: number[]): number[] => [0xfb, op, ...rest];

/**
 * Types 0: a list of structs, 1: bytes, 2: a list of arrays, 3: (i32) -> i32, 4: (i32, i32) -> i64, 5: (), 6: a tag of
 * exnref. Local 2 is free, an i32; 3 is a reference of the type asked for. The list lives in global 0.
 */
export function guestOfObjects(list: number, code: readonly number[]): Uint8Array {
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

export const forever = (...code: number[]): number[] => [0x03, 0x40, ...code, 0x0c, 0, END];
export const turns = (count: number, ...code: number[]): number[] => [
  ...[...i32(count), 0x21, 2, 0x03, 0x40, ...code, 0x20, 2, ...i32(1), 0x6b, 0x22, 2, 0x0d, 0, END],
];
const KEEP_STRUCT = [0x23, 0, 0x42, 1, ...gc(0x00, 0), 0x24, 0];
export const keepArray = (length: number): number[] => [
  0x23,
  0,
  ...i32(length),
  ...gc(0x07, 1),
  ...gc(0x00, 2),
  0x24,
  0,
];
export const MIB: number = 1024 * 1024;

/** Guests that keep all the objects that they can make. */
export const BOMBS: Readonly<Record<string, Uint8Array>> = {
  'a list of structs': guestOfObjects(0, forever(...KEEP_STRUCT)),
  'a list of small arrays': guestOfObjects(2, forever(...keepArray(1000))),
  'a list of large arrays': guestOfObjects(2, forever(...keepArray(50 * MIB))),
  'one array': guestOfObjects(2, keepArray(1000 * MIB)),
};
