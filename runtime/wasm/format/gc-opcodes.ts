import type { OpcodeRow } from './opcodes.ts';

/** Second opcodes after 0xfb that the passes tell apart. */
export const GC = {
  structNew: 0x00,
  structNewDefault: 0x01,
  arrayNew: 0x06,
  arrayNewDefault: 0x07,
  arrayNewFixed: 0x08,
  arrayNewData: 0x09,
  arrayNewElem: 0x0a,
  arrayLen: 0x0f,
  arrayFill: 0x10,
  arrayCopy: 0x11,
  arrayInitData: 0x12,
  arrayInitElem: 0x13,
  brOnCast: 0x18,
  brOnCastFail: 0x19,
  anyConvertExtern: 0x1a,
  externConvertAny: 0x1b,
  refI31: 0x1c,
} as const;

/** What every object takes beside its fields or elements, in bytes: a unit of fuel pays for a byte. */
export const OBJECT_BYTES = 16;
/** A cast walks up to a few supertypes. */
const CAST = 2;

/** After 0xfb. What an object costs by its size comes on top. */
export const AFTER_FB: readonly OpcodeRow[] = [
  {
    first: 0x00,
    names: 'struct.new struct.new_default',
    immediates: 'index',
    weight: OBJECT_BYTES,
    spec: 'garbage collection, structs',
  },
  {
    first: 0x02,
    names: 'struct.get struct.get_s struct.get_u struct.set',
    immediates: 'two indices',
    weight: 1,
    spec: 'garbage collection, structs',
  },
  {
    first: 0x06,
    names: 'array.new array.new_default',
    immediates: 'index',
    weight: OBJECT_BYTES,
    spec: 'garbage collection, arrays',
  },
  {
    first: 0x08,
    names: 'array.new_fixed array.new_data array.new_elem',
    immediates: 'two indices',
    weight: OBJECT_BYTES,
    spec: 'garbage collection, arrays',
  },
  {
    first: 0x0b,
    names: 'array.get array.get_s array.get_u array.set',
    immediates: 'index',
    weight: 1,
    spec: 'garbage collection, arrays',
  },
  { first: 0x0f, names: 'array.len', immediates: 'none', weight: 1, spec: 'garbage collection, arrays' },
  { first: 0x10, names: 'array.fill', immediates: 'index', weight: 1, spec: 'garbage collection, arrays' },
  {
    first: 0x11,
    names: 'array.copy array.init_data array.init_elem',
    immediates: 'two indices',
    weight: 1,
    spec: 'garbage collection, arrays',
  },
  {
    first: 0x14,
    names: 'ref.test ref.test_null ref.cast ref.cast_null',
    immediates: 'heap type',
    weight: CAST,
    spec: 'garbage collection, casts',
  },
  {
    first: 0x18,
    names: 'br_on_cast br_on_cast_fail',
    immediates: 'cast branch',
    weight: CAST,
    spec: 'garbage collection, casts',
  },
  {
    first: 0x1a,
    names: 'any.convert_extern extern.convert_any',
    immediates: 'none',
    weight: 1,
    spec: 'garbage collection, conversions',
  },
  {
    first: 0x1c,
    names: 'ref.i31 i31.get_s i31.get_u',
    immediates: 'none',
    weight: 1,
    spec: 'garbage collection, scalars',
  },
];
