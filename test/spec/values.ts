import { isArithmeticNan, isCanonicalNan, type NumberType, toBits } from './numbers.ts';
import type { List, Node } from './s-expression.ts';

/** A number or vector as its bits, or a reference that JavaScript can hold. */
export type Value =
  | { readonly kind: 'bits'; readonly type: ValueType; readonly bits: bigint }
  | { readonly kind: 'reference'; readonly value: unknown };

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

/** What a script expects of one result. */
export type Pattern = (value: Value) => boolean;

const LANES: Readonly<Record<string, readonly [NumberType, number]>> = {
  i8x16: ['i8', 8],
  i16x8: ['i16', 16],
  i32x4: ['i32', 32],
  i64x2: ['i64', 64],
  f32x4: ['f32', 32],
  f64x2: ['f64', 64],
};

/** Objects that stand for `(ref.extern N)` and `(ref.host N)`, the same one for the same number. */
export class HostReferences {
  readonly #known = new Map<string, object>();

  of(number: string): object {
    const known = this.#known.get(number) ?? { host: number };
    this.#known.set(number, known);
    return known;
  }
}

export function toValue(node: Node, hosts: HostReferences): Value {
  const [head, ...rest] = atomsOf(node);
  switch (head) {
    case 'i32.const':
    case 'i64.const':
    case 'f32.const':
    case 'f64.const': {
      const type = head.slice(0, 3) as 'i32' | 'i64' | 'f32' | 'f64';
      return { kind: 'bits', type, bits: toBits(type, rest[0] ?? '') };
    }
    case 'v128.const': {
      const [type, width] = lanesOf(rest);
      const bits = rest.slice(1).reduce((all, lane, index) => all | (toBits(type, lane) << BigInt(index * width)), 0n);
      return { kind: 'bits', type: 'v128', bits };
    }
    case 'ref.null':
      return { kind: 'reference', value: null };
    case 'ref.extern':
    case 'ref.host':
      return { kind: 'reference', value: hosts.of(rest[0] ?? '') };
    default:
      throw new Error(`line ${node.line}: what value is ${head}`);
  }
}

export function toPattern(node: Node, hosts: HostReferences): Pattern {
  const [head, ...rest] = atomsOf(node);
  if (head === 'either') {
    const choices = listOf(node)
      .items.slice(1)
      .map((choice) => toPattern(choice, hosts));
    return (value) => choices.some((choice) => choice(value));
  }
  if (head === 'v128.const') {
    const [type, width] = lanesOf(rest);
    const lanes = rest.slice(1).map((lane) => laneTest(type, lane));
    return (value) =>
      value.kind === 'bits' &&
      value.type === 'v128' &&
      lanes.every((test, index) => test(BigInt.asUintN(width, value.bits >> BigInt(index * width))));
  }
  if (head?.endsWith('.const')) {
    const type = head.slice(0, 3) as NumberType;
    const test = laneTest(type, rest[0] ?? '');
    return (value) => value.kind === 'bits' && value.type === type && test(value.bits);
  }
  if (head === 'ref.null') return (value) => value.kind === 'reference' && value.value === null;
  const test = rest[0] === undefined ? REFERENCES[head ?? ''] : (value: unknown) => value === hosts.of(rest[0] ?? '');
  if (!test) throw new Error(`line ${node.line}: what result is ${head}`);
  return (value) => value.kind === 'reference' && value.value !== null && test(value.value);
}

/** What can be told apart from JavaScript: structures and arrays look alike there. */
const REFERENCES: Readonly<Record<string, (value: unknown) => boolean>> = {
  'ref.func': (value) => typeof value === 'function',
  'ref.i31': (value) => typeof value === 'number',
  'ref.eq': (value) => typeof value === 'number' || typeof value === 'object',
  'ref.struct': (value) => typeof value === 'object',
  'ref.array': (value) => typeof value === 'object',
  'ref.any': (value) => value !== undefined,
  'ref.extern': (value) => value !== undefined,
  'ref.host': (value) => value !== undefined,
  'ref.exn': (value) => value !== undefined,
};

function laneTest(type: NumberType, literal: string): (bits: bigint) => boolean {
  if (type === 'f32' || type === 'f64') {
    if (literal === 'nan:canonical') return (bits) => isCanonicalNan(type, bits);
    if (literal === 'nan:arithmetic') return (bits) => isArithmeticNan(type, bits);
  }
  const expected = toBits(type, literal);
  return (bits) => bits === expected;
}

function lanesOf(rest: readonly string[]): readonly [NumberType, number] {
  const lanes = LANES[rest[0] ?? ''];
  if (!lanes) throw new Error(`what lanes are ${rest[0]}`);
  return lanes;
}

function listOf(node: Node): List {
  if (node.kind !== 'list') throw new Error(`line ${node.line}: not a list`);
  return node;
}

function atomsOf(node: Node): string[] {
  return listOf(node).items.flatMap((item) => (item.kind === 'atom' ? [item.text] : []));
}
