import { s } from './bytes.ts';

/** A value type by name; `null:3` is a nullable reference to the module's type 3. */
export type ValueType =
  | 'i32'
  | 'i64'
  | 'f32'
  | 'f64'
  | 'v128'
  | 'funcref'
  | 'externref'
  | 'exnref'
  | 'i31ref'
  | `null:${number}`;

export const NUMBERS: readonly ValueType[] = ['i32', 'i64', 'f32', 'f64'];

const CODES: Readonly<Record<string, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
  funcref: 0x70,
  externref: 0x6f,
  i31ref: 0x6c,
  exnref: 0x69,
};

export interface Signature {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

export function isReference(type: ValueType): boolean {
  return type.endsWith('ref') || type.startsWith('null:');
}

export function typeBytes(type: ValueType): number[] {
  return type.startsWith('null:') ? [0x63, ...heapTypeBytes(type)] : [CODES[type]!];
}

/** What follows ref.null for this reference type. */
export function heapTypeBytes(type: ValueType): number[] {
  return type.startsWith('null:') ? s(Number(type.slice('null:'.length))) : [CODES[type]!];
}

export function signatureBytes({ params, results }: Signature): number[] {
  const list = (types: readonly ValueType[]): number[] => [types.length, ...types.flatMap(typeBytes)];
  return [0x60, ...list(params), ...list(results)];
}
