import type { Reader } from '../format/reader.ts';
import { WasmRefused } from '../format/refused.ts';
import { readValueType } from '../format/value-types.ts';

/** Locals that injected code may add to a body. */
const ADDED = 4;

/** Reads the locals a body declares, and answers how many. */
export function readLocals(reader: Reader, most: number): number {
  let count = 0;
  for (let left = reader.count('locals'); left > 0; left--) {
    count += reader.u32();
    readValueType(reader);
    if (count > most - ADDED) throw new WasmRefused('too many locals', reader.offset);
  }
  return count;
}
