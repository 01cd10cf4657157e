import { describe, expect, it } from 'vitest';
import { Reader } from '../../runtime/wasm/format/reader.ts';
import { Writer } from '../../runtime/wasm/format/writer.ts';
import { Body } from '../../runtime/wasm/fuel/body.ts';
import { rewrite } from '../../runtime/wasm/index.ts';
import { s, section, sized, text, u } from './bytes.ts';

const END = 0x0b;
const SMALL = 1000;
const FACTOR = 4;

interface Parts {
  readonly types?: readonly (readonly number[])[];
  readonly bodies?: readonly (readonly number[])[];
  /** Type of every body; 0 unless it says more. */
  readonly typeOf?: (index: number) => number;
  readonly more?: readonly number[];
  readonly locals?: readonly number[];
}

function moduleOf({ types, bodies = [[]], typeOf = () => 0, more = [], locals = [0] }: Parts): Uint8Array {
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      types ?? [
        [0x60, 0, 0],
        [0x60, 1, 0x7f, 1, 0x7f],
      ],
    ),
    ...section(
      3,
      bodies.map((_, index) => u(typeOf(index))),
    ),
    ...section(4, [[0x70, 0, 1]]),
    ...section(5, [
      [0, 1],
      [0, 1],
    ]),
    ...more,
    ...section(
      10,
      bodies.map((body) => sized([...locals, ...body, END])),
    ),
  ]);
}

const times = <T>(count: number, create: (index: number) => readonly T[]): T[] =>
  Array.from({ length: count }, (_, index) => create(index)).flat();
const ZERO = [0x41, 0];
const DROP = 0x1a;

/** Modules of one thing, n times: what costs the square of n somewhere shows in one of them. */
const SHAPES: Readonly<Record<string, (n: number) => Uint8Array>> = {
  'a br_table with many labels': (n) =>
    moduleOf({ bodies: [[0x02, 0x40, ...ZERO, 0x0e, ...u(n), ...new Array<number>(n + 1).fill(0), END]] }),
  'many br_tables': (n) => moduleOf({ bodies: [times(n, () => [0x02, 0x40, ...ZERO, 0x0e, 3, 0, 0, 0, 0, END])] }),
  'blocks in blocks': (n) => moduleOf({ bodies: [[...times(n, () => [0x02, 0x40]), ...times(n, () => [END])]] }),
  'ifs in ifs, with branches out of all': (n) =>
    moduleOf({
      bodies: [
        [...times(n, (at) => [...ZERO, 0x04, 0x40, ...ZERO, 0x0d, ...u(at)]), ...times(n, () => [0x05, 0x01, END])],
      ],
    }),
  'loops in loops, each going round': (n) =>
    moduleOf({ bodies: [[...times(n, () => [0x03, 0x40]), ...times(n, () => [...ZERO, 0x0d, 0, END])]] }),
  'loops in loops, all going round the outermost': (n) =>
    moduleOf({
      bodies: [[...times(n, () => [0x03, 0x40]), ...times(n, (at) => [...ZERO, 0x0d, ...u(n - 1 - at), END])]],
    }),
  'loops one after another': (n) => moduleOf({ bodies: [times(n, () => [0x03, 0x40, ...ZERO, 0x0d, 0, END])] }),
  'counted loops': (n) =>
    moduleOf({
      bodies: [times(n, () => [0x03, 0x40, 0x20, 0, 0x41, 1, 0x6a, 0x22, 0, 0x41, 9, 0x48, 0x0d, 0, END])],
      locals: [1, 1, 0x7f],
    }),
  'handlers in handlers': (n) =>
    moduleOf({ bodies: [[...times(n, () => [0x06, 0x40]), ...times(n, () => [0x19, END])]] }),
  'a handler with many clauses': (n) =>
    moduleOf({ bodies: [[0x02, 0x40, 0x1f, 0x40, ...u(n), ...times(n, () => [2, 0]), END, END]] }),
  'a long run': (n) => moduleOf({ bodies: [times(n, () => [...ZERO, DROP])] }),
  'dead code': (n) => moduleOf({ bodies: [[0x00, ...times(n, () => [0x02, 0x40, END])]] }),
  'groups of locals': (n) => moduleOf({ locals: [...u(n), ...times(n, () => [1, 0x7f])], bodies: [[]] }),
  functions: (n) => moduleOf({ bodies: Array.from({ length: n }, () => []) }),
  types: (n) =>
    moduleOf({
      types: Array.from({ length: n }, (_, at) => [
        0x60,
        ...sized([...at.toString(2)].map((bit) => (bit === '1' ? 0x7f : 0x7e))),
        0,
      ]),
      bodies: [],
    }),
  'a chain of calls': (n) =>
    moduleOf({ bodies: Array.from({ length: n }, (_, at) => (at < n - 1 ? [0x10, ...u(at + 1)] : [])) }),
  'a chain of calls, upwards': (n) =>
    moduleOf({ bodies: Array.from({ length: n }, (_, at) => (at > 0 ? [0x10, ...u(at - 1)] : [])) }),
  'a circle of calls': (n) => moduleOf({ bodies: Array.from({ length: n }, (_, at) => [0x10, ...u((at + 1) % n)]) }),
  'many calls of many functions': (n) =>
    moduleOf({ bodies: Array.from({ length: 50 }, () => times(n / 50, (at) => [0x10, ...u(at % 50)])) }),
  'fills and copies': (n) =>
    moduleOf({ bodies: [times(n, (at) => [...ZERO, ...ZERO, ...ZERO, 0xfc, 0x0a, at % 2, 0])] }),
  'growing memory': (n) => moduleOf({ bodies: [times(n, () => [...ZERO, 0x40, 0, DROP])] }),
  globals: (n) =>
    moduleOf({
      more: section(
        6,
        Array.from({ length: n }, () => [0x7f, 1, ...ZERO, END]),
      ),
    }),
  exports: (n) =>
    moduleOf({
      more: section(
        7,
        Array.from({ length: n }, (_, at) => [...text(`${at}`), 0, 0]),
      ),
    }),
  elements: (n) =>
    moduleOf({
      more: section(
        9,
        Array.from({ length: n }, () => [1, 0, 1, 0]),
      ),
    }),
  'a long constant expression': (n) =>
    moduleOf({ more: section(6, [[0x7f, 0, ...ZERO, ...times(n, () => [0x41, ...s(1), 0x6a]), END]]) }),
};

/** Steps of reading, walking and writing. */
function stepsOf(input: Uint8Array): number {
  let steps = 0;
  const counted = (prototype: object, name: string): (() => void) => {
    const step = Reflect.get(prototype, name) as (...values: unknown[]) => unknown;
    Reflect.set(prototype, name, function (this: unknown, ...values: unknown[]) {
      steps++;
      return step.apply(this, values);
    });
    return () => Reflect.set(prototype, name, step);
  };
  const restore = [
    counted(Reader.prototype, 'byte'),
    counted(Body.prototype, 'frameAt'),
    counted(Writer.prototype, 'byte'),
    counted(Writer.prototype, 'copy'),
  ];
  try {
    rewrite(input);
  } finally {
    for (const put of restore) put();
  }
  return steps;
}

describe('takes steps and writes bytes in proportion to its input for', () => {
  it.for(Object.entries(SHAPES))('%s', ([, create]) => {
    const [small, large] = [create(SMALL), create(SMALL * FACTOR)];
    const growth = large.length / small.length;
    expect(stepsOf(large) / stepsOf(small)).toBeLessThan(growth * 1.3);
    expect(rewrite(large).code.length / rewrite(small).code.length).toBeLessThan(growth * 1.3);
  });
});
