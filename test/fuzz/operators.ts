import { u } from './bytes.ts';
import type { ValueType } from './types.ts';
import { DIVISION, SQUARE_ROOT } from './weights.ts';

/** An instruction without effects: opcode, operands, cost, and the bound of its lane where it has one. */
export interface Operator {
  readonly code: readonly number[];
  readonly operands: readonly ValueType[];
  readonly cost: number;
  readonly lanes?: number;
}

const range = (first: number, last: number, operands: readonly ValueType[], cost = 1): Operator[] =>
  Array.from({ length: last - first + 1 }, (_, at) => ({ code: [first + at], operands, cost }));
const prefixed = (prefix: number, seconds: readonly number[], operands: readonly ValueType[], lanes = 0): Operator[] =>
  seconds.map((second) => ({ code: [prefix, ...u(second)], operands, cost: 1, ...(lanes > 0 ? { lanes } : {}) }));
const between = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at);
const vectors = (...seconds: number[]): Operator[] => prefixed(0xfd, seconds, ['v128', 'v128']);

/** Divisors are made odd by the generator, mostly. */
export const DIVISIONS: Readonly<Record<'i32' | 'i64', readonly Operator[]>> = {
  i32: range(0x6d, 0x70, ['i32', 'i32'], DIVISION),
  i64: range(0x7f, 0x82, ['i64', 'i64'], DIVISION),
};

/** By result. No float's bits are ever looked at, as those of a NaN are not specified. */
export const OPERATORS: Readonly<Partial<Record<ValueType, readonly Operator[]>>> = {
  i32: [
    ...range(0x45, 0x45, ['i32']),
    ...range(0x46, 0x4f, ['i32', 'i32']),
    ...range(0x50, 0x50, ['i64']),
    ...range(0x51, 0x5a, ['i64', 'i64']),
    ...range(0x5b, 0x60, ['f32', 'f32']),
    ...range(0x61, 0x66, ['f64', 'f64']),
    ...range(0x67, 0x69, ['i32']),
    ...range(0x6a, 0x6c, ['i32', 'i32']),
    ...range(0x71, 0x78, ['i32', 'i32']),
    ...range(0xa7, 0xa7, ['i64']),
    ...range(0xc0, 0xc1, ['i32']),
    ...prefixed(0xfc, [0, 1], ['f32']),
    ...prefixed(0xfc, [2, 3], ['f64']),
    ...prefixed(0xfd, [0x53, 0x63, 0x64, 0x83, 0x84, 0xa3, 0xa4, 0xc3, 0xc4], ['v128']),
    ...prefixed(0xfd, [0x15, 0x16], ['v128'], 16),
    ...prefixed(0xfd, [0x18, 0x19], ['v128'], 8),
    ...prefixed(0xfd, [0x1b], ['v128'], 4),
  ],
  i64: [
    ...range(0x79, 0x7b, ['i64']),
    ...range(0x7c, 0x7e, ['i64', 'i64']),
    ...range(0x83, 0x8a, ['i64', 'i64']),
    ...range(0xac, 0xad, ['i32']),
    ...range(0xc2, 0xc4, ['i64']),
    ...prefixed(0xfc, [4, 5], ['f32']),
    ...prefixed(0xfc, [6, 7], ['f64']),
    ...prefixed(0xfd, [0x1d], ['v128'], 2),
  ],
  f32: [
    ...range(0x8b, 0x90, ['f32']),
    ...range(0x91, 0x91, ['f32'], SQUARE_ROOT),
    ...range(0x92, 0x94, ['f32', 'f32']),
    ...range(0x95, 0x95, ['f32', 'f32'], SQUARE_ROOT),
    ...range(0x96, 0x97, ['f32', 'f32']),
    ...range(0xb2, 0xb3, ['i32']),
    ...range(0xb4, 0xb5, ['i64']),
    ...range(0xb6, 0xb6, ['f64']),
    ...range(0xbe, 0xbe, ['i32']),
  ],
  f64: [
    ...range(0x99, 0x9e, ['f64']),
    ...range(0x9f, 0x9f, ['f64'], SQUARE_ROOT),
    ...range(0xa0, 0xa2, ['f64', 'f64']),
    ...range(0xa3, 0xa3, ['f64', 'f64'], SQUARE_ROOT),
    ...range(0xa4, 0xa5, ['f64', 'f64']),
    ...range(0xb7, 0xb8, ['i32']),
    ...range(0xb9, 0xba, ['i64']),
    ...range(0xbb, 0xbb, ['f32']),
    ...range(0xbf, 0xbf, ['i64']),
  ],
  v128: [
    ...vectors(...between(0x23, 0x40), ...between(0x4e, 0x51), ...between(0x6e, 0x73), ...between(0x76, 0x79), 0x7b),
    ...vectors(0x65, 0x66, 0x82, 0x85, 0x86, ...between(0x8e, 0x93), ...between(0x95, 0x99), 0x9b),
    ...vectors(...between(0x9c, 0x9f), 0xae, 0xb1, ...between(0xb5, 0xba), ...between(0xbc, 0xbf)),
    ...vectors(0xce, 0xd1, ...between(0xd5, 0xdf), 0x0e),
    ...prefixed(0xfd, [0x4d, 0x60, 0x61, 0x62, 0x80, 0x81, 0xa0, 0xa1, 0xc0, 0xc1], ['v128']),
    ...prefixed(0xfd, [...between(0x7c, 0x7f), ...between(0x87, 0x8a), ...between(0xa7, 0xaa)], ['v128']),
    ...prefixed(0xfd, between(0xc7, 0xca), ['v128']),
    ...prefixed(0xfd, [...between(0x6b, 0x6d), ...between(0x8b, 0x8d), ...between(0xab, 0xad)], ['v128', 'i32']),
    ...prefixed(0xfd, between(0xcb, 0xcd), ['v128', 'i32']),
    ...prefixed(0xfd, [0x0f, 0x10, 0x11], ['i32']),
    ...prefixed(0xfd, [0x12], ['i64']),
    ...prefixed(0xfd, [0x17], ['v128', 'i32'], 16),
    ...prefixed(0xfd, [0x1a], ['v128', 'i32'], 8),
    ...prefixed(0xfd, [0x1c], ['v128', 'i32'], 4),
    ...prefixed(0xfd, [0x1e], ['v128', 'i64'], 2),
    ...prefixed(0xfd, [0x52], ['v128', 'v128', 'v128']),
  ],
};

/** Relaxed ones that give the same on every machine for the operands they are given: masks of whole lanes. */
export const LANE_SELECTS: readonly (readonly number[])[] = between(0x109, 0x10c).map((second) => [0xfd, ...u(second)]);

/** Conversions that trap on what does not fit. */
export const TRUNCATIONS: Readonly<Record<'i32' | 'i64', readonly Operator[]>> = {
  i32: [...range(0xa8, 0xa9, ['f32']), ...range(0xaa, 0xab, ['f64'])],
  i64: [...range(0xae, 0xaf, ['f32']), ...range(0xb0, 0xb1, ['f64'])],
};
