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
  funcref: 0x70,
  externref: 0x6f,
  exnref: 0x69,
} as const;

const KNOWN: ReadonlySet<number> = new Set(Object.values(TYPE));

const REF_NULL = 0x63;
const REF = 0x64;
/** Heap types of reference types with one byte, as s33, and the bottom types of functions and externs. */
const HEAP: ReadonlySet<number> = new Set([TYPE.nullexnref, TYPE.funcref, TYPE.externref, TYPE.exnref, 0x73, 0x72]);
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
  if (heap < 0 && !HEAP.has(heap + 0x80)) throw new WasmRefused(`${typeProposal(heap + 0x80)} is not supported`, at);
  return heap;
}

export function readReferenceType(reader: Reader): number {
  const at = reader.offset;
  const code = readValueType(reader);
  if (code <= 0xff && code >= TYPE.v128) throw new WasmRefused('a reference type that is none', at);
  return code;
}

/** True for references that the host can hold: functions of any type, and its own. */
export function isHostReference(type: number): boolean {
  return type === TYPE.funcref || type === TYPE.externref || type >= 256 * LEAST_HEAP;
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

/** The module's function types, and those that injected code adds behind them. */
export class TypeTable {
  readonly #types: FunctionType[] = [];
  readonly #indices = new Map<string, number>();
  #declared = 0;

  get declared(): number {
    return this.#declared;
  }

  get added(): readonly FunctionType[] {
    return this.#types.slice(this.#declared);
  }

  declare(type: FunctionType): void {
    this.#remember(type);
    this.#declared = this.#types.length;
  }

  at(index: number, offset: number): FunctionType {
    const type = this.#types[index];
    if (type === undefined) throw new WasmRefused(`type ${index} does not exist`, offset);
    return type;
  }

  /** Index of this type: one the module has, or one added. */
  indexOf(params: readonly number[], results: readonly number[]): number {
    return this.#indices.get(keyOf(params, results)) ?? this.#remember({ params, results });
  }

  #remember(type: FunctionType): number {
    const key = keyOf(type.params, type.results);
    const index = this.#types.push(type) - 1;
    if (!this.#indices.has(key)) this.#indices.set(key, index);
    return index;
  }
}

function keyOf(params: readonly number[], results: readonly number[]): string {
  return `${params.join()}>${results.join()}`;
}
