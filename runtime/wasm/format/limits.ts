import type { Reader } from './reader.ts';
import { WasmRefused } from './refused.ts';
import { readReferenceType } from './value-types.ts';

/** Size limits of a memory in pages, or of a table in entries. */
export interface Limits {
  readonly min: number;
  readonly max: number | undefined;
  /** Addresses are i64 instead of i32. */
  readonly wide: boolean;
}

export interface TableType {
  readonly element: number;
  readonly limits: Limits;
}

const FLAG = { maximum: 1, shared: 2, wide: 4, pageSize: 8 } as const;

export function readMemoryType(reader: Reader): Limits {
  return readLimits(reader, 'memory');
}

export function readTableType(reader: Reader): TableType {
  const element = readReferenceType(reader);
  return { element, limits: readLimits(reader, 'table') };
}

/** The flags that limits begin with, for those who write them. */
export function toLimitsFlags({ wide }: Limits): number {
  return FLAG.maximum | (wide ? FLAG.wide : 0);
}

function readLimits(reader: Reader, of: 'memory' | 'table'): Limits {
  const at = reader.offset;
  const flags = reader.byte();
  if (flags & FLAG.shared) throw new WasmRefused(`threads and atomics: a shared ${of} is not supported`, at);
  if (flags & FLAG.pageSize) throw new WasmRefused('custom page sizes are not supported', at);
  if (flags > (FLAG.maximum | FLAG.wide)) throw new WasmRefused(`unknown limits ${flags}`, at);
  const wide = (flags & FLAG.wide) !== 0;
  const size = (): number => (wide ? reader.u64() : reader.u32());
  const min = size();
  return { min, max: flags & FLAG.maximum ? size() : undefined, wide };
}
