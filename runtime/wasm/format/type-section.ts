import { typeFormProposal } from './proposals.ts';
import type { Reader } from './reader.ts';
import { WasmRefused } from './refused.ts';
import { type CompositeType, STORAGE, storageShift, type TypeTable } from './type-table.ts';
import { readValueType } from './value-types.ts';

const FORM = { recursive: 0x4e, subFinal: 0x4f, sub: 0x50, array: 0x5e, struct: 0x5f, function: 0x60 } as const;

/** One entry of the type section: a type, or a group of types that name each other. */
export function readTypeEntry(reader: Reader, types: TypeTable): void {
  const form = reader.bytes[reader.offset];
  if (form !== FORM.recursive) {
    const standsAlone = form === FORM.function;
    types.declare(readSubType(reader), { standsAlone });
    return;
  }
  reader.skip(1);
  for (let left = reader.count('types'); left > 0; left--) types.declare(readSubType(reader), { standsAlone: false });
}

function readSubType(reader: Reader): CompositeType {
  const form = reader.bytes[reader.offset];
  if (form === FORM.sub || form === FORM.subFinal) {
    reader.skip(1);
    for (let left = reader.count('supertypes'); left > 0; left--) reader.u32();
  }
  return readCompositeType(reader);
}

function readCompositeType(reader: Reader): CompositeType {
  const at = reader.offset;
  const form = reader.byte();
  switch (form) {
    case FORM.function:
      return { params: readTypes(reader), results: readTypes(reader) };
    case FORM.array:
      return { element: readField(reader) };
    case FORM.struct: {
      const fields = reader.count('fields');
      let bytes = 0;
      for (let left = fields; left > 0; left--) bytes += 1 << storageShift(readField(reader));
      return { fields, bytes };
    }
    default:
      throw new WasmRefused(`${typeFormProposal(form)} is not supported`, at);
  }
}

function readField(reader: Reader): number {
  const packed = reader.bytes[reader.offset];
  const isPacked = packed === STORAGE.i8 || packed === STORAGE.i16;
  const type = isPacked ? reader.byte() : readValueType(reader);
  const at = reader.offset;
  const mutability = reader.byte();
  if (mutability > 1) throw new WasmRefused(`unknown mutability ${mutability}`, at);
  return type;
}

function readTypes(reader: Reader): number[] {
  const types: number[] = [];
  for (let left = reader.count('types'); left > 0; left--) types.push(readValueType(reader));
  return types;
}
