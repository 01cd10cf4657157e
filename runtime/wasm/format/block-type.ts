import type { Reader } from './reader.ts';
import { WasmRefused } from './refused.ts';
import type { TypeTable } from './type-table.ts';
import { readValueType } from './value-types.ts';

const EMPTY = -64;

/** The s33 of a block type: -64 none, other negatives a value type, else the index of a function type. */
export function readBlockType(reader: Reader, types: TypeTable): number {
  const at = reader.offset;
  const code = reader.bytes[at]!;
  if (code > 0x40 && code < 0x80) return ~readValueType(reader);
  const type = reader.s33();
  if (type >= 0) types.at(type, at);
  else if (type !== EMPTY) throw new WasmRefused('unknown block type', at);
  return type;
}
