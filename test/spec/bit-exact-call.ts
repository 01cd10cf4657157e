import { functionRelay, globalRelay, type Signature } from './bit-relay.ts';
import type { Value, ValueType } from './values.ts';

const TYPES: Readonly<Record<string, ValueType>> = { i: 'i32', I: 'i64', f: 'f32', F: 'f64', V: 'v128' };

/**
 * Calls an exported function with every float and vector passed as integers: JavaScript has no vectors, and may change
 * the bits of a NaN. Where the signature needs it, the call goes through a module made for it, whose code only moves bits.
 */
export function callBitExact(
  target: (...args: unknown[]) => unknown,
  signature: Signature | undefined,
  args: readonly Value[],
): Value[] {
  const [params = '', results = ''] = signature?.split(':') ?? [];
  if (!signature || !/[fFV]/.test(signature) || signature.includes('?')) {
    const given = target(...args.map(toPlain));
    const list = Array.isArray(given) ? given : given === undefined && results === '' ? [] : [given];
    return list.map((value, index) => fromPlain(value, results[index]));
  }
  if (args.length !== params.length) throw new TypeError(`${args.length} arguments for ${signature}`);
  const relay = new WebAssembly.Instance(functionRelay(signature), { t: { t: target as WebAssembly.ImportValue } });
  return fromIntegers((relay.exports.t as typeof target)(...args.flatMap(toIntegers)), results);
}

/** Reads a global in the same way, whatever its type is. */
export function readBitExact(global: WebAssembly.Global): Value {
  for (const letter of Object.keys(TYPES)) {
    for (const mutability of [0, 1] as const) {
      try {
        const relay = new WebAssembly.Instance(globalRelay(letter, mutability), { t: { t: global } });
        return fromIntegers((relay.exports.t as () => unknown)(), letter)[0]!;
      } catch (error) {
        if (!(error instanceof WebAssembly.LinkError)) throw error;
      }
    }
  }
  return { kind: 'reference', value: global.value };
}

function fromIntegers(given: unknown, results: string): Value[] {
  const values: unknown[] = Array.isArray(given) ? given : [given];
  let at = 0;
  return [...results].map((letter): Value => {
    const value = values[at++];
    const type = TYPES[letter];
    if (!type) return { kind: 'reference', value };
    if (type === 'v128') return { kind: 'bits', type, bits: unsigned(value) | (unsigned(values[at++]) << 64n) };
    return { kind: 'bits', type, bits: typeof value === 'bigint' ? unsigned(value) : BigInt(Number(value) >>> 0) };
  });
}

function toIntegers(value: Value): unknown[] {
  if (value.kind === 'reference') return [value.value];
  const { type, bits } = value;
  if (type === 'v128') return [BigInt.asIntN(64, bits), BigInt.asIntN(64, bits >> 64n)];
  return [type === 'i64' || type === 'f64' ? BigInt.asIntN(64, bits) : Number(BigInt.asIntN(32, bits))];
}

const view = new DataView(new ArrayBuffer(8));

function toPlain(value: Value): unknown {
  if (value.kind === 'reference') return value.value;
  view.setBigUint64(0, BigInt.asUintN(64, value.bits));
  if (value.type === 'f32') return view.getFloat32(4);
  if (value.type === 'f64') return view.getFloat64(0);
  return toIntegers(value)[0];
}

function fromPlain(value: unknown, letter: string | undefined): Value {
  if (letter === 'i') return { kind: 'bits', type: 'i32', bits: BigInt(Number(value) >>> 0) };
  if (letter === 'I') return { kind: 'bits', type: 'i64', bits: unsigned(value) };
  if (letter === 'f') view.setFloat32(4, Number(value));
  else if (letter === 'F') view.setFloat64(0, Number(value));
  else return { kind: 'reference', value };
  return letter === 'f'
    ? { kind: 'bits', type: 'f32', bits: BigInt(view.getUint32(4)) }
    : { kind: 'bits', type: 'f64', bits: view.getBigUint64(0) };
}

function unsigned(value: unknown): bigint {
  return BigInt.asUintN(64, value as bigint);
}
