import { Reader } from './reader.ts';
import { WasmRefused } from './refused.ts';

export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

/** The order in which a module's sections stand. */
export const SECTION_ORDER: readonly number[] = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

/** One section's content, `[start, end)` in the module. */
export interface Section {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

export function readSections(bytes: Uint8Array): Section[] {
  if (HEADER.some((byte, index) => bytes[index] !== byte)) throw new WasmRefused('not a WebAssembly 1.0 module', 0);
  const reader = new Reader(bytes, HEADER.length, bytes.length);
  const sections: Section[] = [];
  let position = -1;
  while (!reader.done) {
    const at = reader.offset;
    const id = reader.byte();
    const size = reader.u32();
    const start = reader.offset;
    reader.skip(size);
    if (id !== SECTION.custom) {
      const place = SECTION_ORDER.indexOf(id);
      if (place < 0) throw new WasmRefused(`unknown section ${id}`, at);
      if (place <= position) throw new WasmRefused(`section ${id} out of order`, at);
      position = place;
    }
    sections.push({ id, start, end: reader.offset });
  }
  return sections;
}
