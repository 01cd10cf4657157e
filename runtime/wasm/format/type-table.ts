import { WasmRefused } from './refused.ts';
import { type FunctionType, isReference, TYPE } from './value-types.ts';

/** Packed storage types of fields and elements. */
export const STORAGE = { i8: 0x78, i16: 0x77 } as const;

export interface StructType {
  readonly fields: number;
  /** Of all fields together. */
  readonly bytes: number;
}

export interface ArrayType {
  readonly element: number;
}

export type CompositeType = FunctionType | StructType | ArrayType;

/** The module's types, and the function types that injected code adds behind them. */
export class TypeTable {
  readonly #types: CompositeType[] = [];
  readonly #indices = new Map<string, number>();
  #declared = 0;
  #areSimple = true;

  get declared(): number {
    return this.#declared;
  }

  /** Function types that stand alone, all of them. */
  get areSimple(): boolean {
    return this.#areSimple;
  }

  /** Index of the first type that is the same as this function type, where types are simple. */
  firstOf(index: number): number {
    const { params, results } = this.at(index, 0);
    return this.indexOf(params, results);
  }

  /** Function types all. */
  get added(): readonly FunctionType[] {
    return this.#types.slice(this.#declared) as FunctionType[];
  }

  /** Takes the next type; only a function type that stands alone and is final is the type that added ones would be. */
  declare(type: CompositeType, { standsAlone }: { readonly standsAlone: boolean }): void {
    if (standsAlone && 'params' in type) this.#remember(type);
    else {
      this.#types.push(type);
      this.#areSimple = false;
    }
    this.#declared = this.#types.length;
  }

  /** A function type. */
  at(index: number, offset: number): FunctionType {
    const type = this.#types[index];
    if (type && 'params' in type) return type;
    throw new WasmRefused(type ? `type ${index} is not a function` : `type ${index} does not exist`, offset);
  }

  isFunction(index: number): boolean {
    const type = this.#types[index];
    return type !== undefined && 'params' in type;
  }

  structAt(index: number, offset: number): StructType {
    const type = this.#types[index];
    if (type && 'fields' in type) return type;
    throw new WasmRefused(`type ${index} is not a struct`, offset);
  }

  arrayAt(index: number, offset: number): ArrayType {
    const type = this.#types[index];
    if (type && 'element' in type) return type;
    throw new WasmRefused(`type ${index} is not an array`, offset);
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

/** The value type that an element is read and written as. */
export function unpacked(storage: number): number {
  return storage === STORAGE.i8 || storage === STORAGE.i16 ? TYPE.i32 : storage;
}

/** Elements that are moved for a unit of fuel, as a power of two: sixteen bytes, or one reference, which the collector notes. */
export function elementFuelShift(storage: number): number {
  return isReference(storage) ? 0 : 4 - storageShift(storage);
}

/** Bytes that a field or element takes, as a power of two. */
export function storageShift(type: number): number {
  if (isReference(type) || type === TYPE.i64 || type === TYPE.f64) return 3;
  if (type === TYPE.v128) return 4;
  if (type === STORAGE.i8) return 0;
  return type === STORAGE.i16 ? 1 : 2;
}
