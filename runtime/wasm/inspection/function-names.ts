import type { DecodedModule } from '../format/module.ts';
import { Reader } from '../format/reader.ts';
import { WasmRefused } from '../format/refused.ts';
import { SECTION } from '../format/sections.ts';

const FUNCTION_KIND = 0;
const FUNCTION_NAMES = 1;

/** What functions are called, by index: as the name section says, else as exported, else `function 7`. */
export function functionNames(module: DecodedModule): (index: number) => string {
  const names = new Map<number, string>();
  try {
    readExports(module, names);
    readNameSection(module, names);
  } catch (error) {
    if (!(error instanceof WasmRefused)) throw error;
  }
  return (index) => names.get(index) ?? `function ${index}`;
}

function readExports({ bytes, sections }: DecodedModule, names: Map<number, string>): void {
  const section = sections.find(({ id }) => id === SECTION.export);
  if (!section) return;
  const reader = new Reader(bytes, section.start, section.end);
  for (let left = reader.count('exports'); left > 0; left--) {
    const name = reader.name();
    const kind = reader.byte();
    const index = reader.u32();
    if (kind === FUNCTION_KIND) names.set(index, name);
  }
}

function readNameSection({ bytes, sections }: DecodedModule, names: Map<number, string>): void {
  for (const { id, start, end } of sections) {
    if (id !== SECTION.custom) continue;
    const reader = new Reader(bytes, start, end);
    if (reader.name() !== 'name') continue;
    while (!reader.done) {
      const subsection = reader.byte();
      const size = reader.u32();
      const from = reader.offset;
      reader.skip(size);
      if (subsection === FUNCTION_NAMES) readNameMap(new Reader(bytes, from, reader.offset), names);
    }
  }
}

function readNameMap(reader: Reader, names: Map<number, string>): void {
  for (let left = reader.count('names'); left > 0; left--) {
    const index = reader.u32();
    names.set(index, reader.name());
  }
}
