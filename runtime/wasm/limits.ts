import type { Reader } from './reader.ts';
import { WasmRefused } from './refused.ts';
import { readReferenceType } from './value-types.ts';

/** Size limits of a memory in pages, or of a table in entries. */
export interface Limits {
  readonly min: number;
  readonly max: number | undefined;
}

export interface TableType {
  readonly element: number;
  readonly limits: Limits;
}

export function readMemoryType(reader: Reader): Limits {
  const at = reader.offset;
  const flags = reader.byte();
  if (flags & 2) throw new WasmRefused('threads and atomics: a shared memory is not supported', at);
  if (flags & 4) throw new WasmRefused('memory64 is not supported', at);
  if (flags & 8) throw new WasmRefused('custom page sizes are not supported', at);
  return readLimits(reader, flags, at);
}

export function readTableType(reader: Reader): TableType {
  const element = readReferenceType(reader);
  const flagsAt = reader.offset;
  const flags = reader.byte();
  if (flags & 2) throw new WasmRefused('threads and atomics: a shared table is not supported', flagsAt);
  if (flags & 4) throw new WasmRefused('memory64 is not supported', flagsAt);
  return { element, limits: readLimits(reader, flags, flagsAt) };
}

function readLimits(reader: Reader, flags: number, at: number): Limits {
  if (flags > 1) throw new WasmRefused(`unknown limits ${flags}`, at);
  const min = reader.u32();
  return { min, max: flags & 1 ? reader.u32() : undefined };
}
