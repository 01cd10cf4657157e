import { typeProposal } from './proposals.ts';
import type { Reader } from './reader.ts';
import { WasmRefused } from './refused.ts';
import type { Writer } from './writer.ts';

/** Value types of one byte. */
export const TYPE = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
  nullexnref: 0x74,
  nullfuncref: 0x73,
  nullexternref: 0x72,
  nullref: 0x71,
  funcref: 0x70,
  externref: 0x6f,
  anyref: 0x6e,
  eqref: 0x6d,
  i31ref: 0x6c,
  structref: 0x6b,
  arrayref: 0x6a,
  exnref: 0x69,
} as const;

const KNOWN: ReadonlySet<number> = new Set(Object.values(TYPE));

const REF_NULL = 0x63;
const REF = 0x64;
const LEAST_HEAP = 0x80;

/** A value type as a number: its byte, and for a reference with a heap type that plus 256 times (heap type + 128). */
export function readValueType(reader: Reader): number {
  const at = reader.offset;
  const code = reader.byte();
  if (code === REF_NULL || code === REF) return code + 256 * (readHeapType(reader) + LEAST_HEAP);
  if (!KNOWN.has(code)) throw new WasmRefused(`${typeProposal(code)} is not supported`, at);
  return code;
}

export function writeValueType(out: Writer, type: number): void {
  out.byte(type & 0xff);
  if (type > 0xff) out.s32(Math.floor(type / 256) - LEAST_HEAP);
}

/** A type index, or a negative number for what is no type of the module. */
export function readHeapType(reader: Reader): number {
  const at = reader.offset;
  const heap = reader.s33();
  if (heap < 0 && !isReference(heap + 0x80)) throw new WasmRefused(`${typeProposal(heap + 0x80)} is not supported`, at);
  return heap;
}

export function readReferenceType(reader: Reader): number {
  const at = reader.offset;
  const code = readValueType(reader);
  if (!isReference(code)) throw new WasmRefused('a reference type that is none', at);
  return code;
}

/** True for references that the host can hold: functions of any type, and its own. */
export function isHostReference(type: number, isFunction: (index: number) => boolean): boolean {
  if (type <= 0xff) return type === TYPE.funcref || type === TYPE.externref;
  return isFunction(Math.floor(type / 256) - LEAST_HEAP);
}

export function isReference(type: number): boolean {
  return type > 0xff || (type <= TYPE.nullexnref && type >= TYPE.exnref);
}

/** The type `(ref null $index)`. */
export function nullableReferenceTo(index: number): number {
  return REF_NULL + 256 * (index + LEAST_HEAP);
}

export interface FunctionType {
  readonly params: readonly number[];
  readonly results: readonly number[];
}

const LETTERS: ReadonlyMap<number, string> = new Map<number, string>([
  [TYPE.i32, 'i'],
  [TYPE.i64, 'I'],
  [TYPE.f32, 'f'],
  [TYPE.f64, 'F'],
  [TYPE.v128, 'V'],
  [TYPE.funcref, 'r'],
  [TYPE.externref, 'e'],
]);

/** The type as a manifest says it: `ii:I`. */
export function toTypeText({ params, results }: FunctionType): string {
  const letters = (types: readonly number[]) => types.map((type) => LETTERS.get(type) ?? '?').join('');
  return `${letters(params)}:${letters(results)}`;
}
