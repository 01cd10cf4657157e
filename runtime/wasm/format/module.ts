import type { ExportShape, ImportKind } from '../../contract/artifact.ts';
import { OBJECT_BYTES_AT_START, WASM64_MAX_PAGES } from '../../contract/limits.ts';
import { Initialisers } from './constant-expressions.ts';
import { type Limits, readMemoryType, readTableType, type TableType } from './limits.ts';
import { Reader } from './reader.ts';
import { WasmRefused } from './refused.ts';
import { readSections, SECTION, type Section } from './sections.ts';
import { readTypeEntry } from './type-section.ts';
import { TypeTable } from './type-table.ts';
import { readReferenceType, readValueType, toTypeText } from './value-types.ts';

export interface GlobalDeclaration {
  readonly type: number;
  readonly mutable: boolean;
}

export interface DefinedTable {
  readonly type: TableType;
  /** Bytes of the expression that fills it. */
  readonly initial?: readonly [number, number];
}

export interface DeclaredMemory {
  readonly limits: Limits;
  /** Where the guest imports it from. */
  readonly from?: { readonly module: string; readonly name: string };
}

export interface Extern extends ExportShape {
  readonly module: string;
}

/** What a module declares, function bodies apart. All index spaces count imports first. */
export interface DecodedModule {
  readonly bytes: Uint8Array;
  readonly sections: readonly Section[];
  readonly types: TypeTable;
  readonly imports: readonly Extern[];
  readonly exports: readonly ExportShape[];
  readonly importedFunctions: number;
  /** Type index of every function, imported ones too. */
  readonly functionTypes: readonly number[];
  readonly importedTables: number;
  readonly tables: readonly DefinedTable[];
  /** Memories: imported under their own names, or defined. */
  readonly memories: readonly DeclaredMemory[];
  readonly globals: readonly GlobalDeclaration[];
  readonly start: number | undefined;
  /** Functions that something other than a direct call may enter: exported, in an element or global, or the start. */
  readonly taken: ReadonlySet<number>;
  /** Functions that may be entered by more than direct calls and calls through tables that active segments fill. */
  readonly entered: ReadonlySet<number>;
  /** Functions that every instance shows from the start: exported, or put into a table by a segment that applies itself. */
  readonly shown: ReadonlySet<number>;
  /** Type index of every tag, imported ones too. */
  readonly tags: readonly number[];
  /** Element type of every table, and number of elements of every segment. */
  readonly tableElements: readonly number[];
  readonly elementCounts: readonly number[];
  /** Tables whose indices are i64, by index. */
  readonly wideTables: readonly boolean[];
  /** Initialisers make objects, which code could change. */
  readonly makesObjects: boolean;
  /** Bodies in code order, `[start, end)` pairs. */
  readonly bodies: readonly number[];
}

/** Import modules that the engine may serve itself, such as `wasm:js-string`. */
const BUILTINS = 'wasm:';

const KINDS: readonly ImportKind[] = ['function', 'table', 'memory', 'global', 'tag'];

export function decodeModule(bytes: Uint8Array): DecodedModule {
  const sections = readSections(bytes);
  const open = (id: number): Reader | undefined => {
    const section = sections.find((candidate) => candidate.id === id);
    return section && new Reader(bytes, section.start, section.end);
  };
  const types = new TypeTable();
  const imports: Extern[] = [];
  const exports: ExportShape[] = [];
  const typeOf = (kind: ImportKind, index: number | undefined, at: number): { type?: string } =>
    kind === 'function' && index !== undefined ? { type: toTypeText(types.at(index, at)) } : {};
  const functionTypes: number[] = [];
  const tables: DefinedTable[] = [];
  const globals: GlobalDeclaration[] = [];
  const initialisers = new Initialisers(types);
  const { taken } = initialisers;
  const shown = new Set<number>();
  const entered = new Set<number>();
  const enter = (functions: Iterable<number>): void => {
    for (const index of functions) entered.add(index);
  };
  const wideTables: boolean[] = [];
  const tableElements: number[] = [];
  const elementCounts: number[] = [];
  const tags: number[] = [];
  const bodies: number[] = [];
  let importedTables = 0;
  const memories: DeclaredMemory[] = [];
  let start: number | undefined;

  each(open(SECTION.type), 'types', (reader) => readTypeEntry(reader, types));

  each(open(SECTION.import), 'imports', (reader) => {
    const at = reader.offset;
    const module = reader.name();
    if (module.startsWith(BUILTINS)) throw new WasmRefused(`JS string builtins (${module}) are not supported`, at);
    const name = reader.name();
    const kind = readKind(reader);
    if (kind === 'function') functionTypes.push(readTypeIndex(reader, types));
    else if (kind === 'table') {
      const { element, limits } = readTableType(reader);
      wideTables.push(limits.wide);
      tableElements.push(element);
      importedTables++;
    } else if (kind === 'memory') memories.push({ limits: readMemoryType(reader), from: { module, name } });
    else if (kind === 'tag') {
      tags.push(readTag(reader, types));
    } else globals.push(readGlobalType(reader));
    imports.push({ module, name, kind, ...typeOf(kind, functionTypes.at(-1), at) });
  });
  const importedFunctions = functionTypes.length;

  each(open(SECTION.function), 'functions', (reader) => {
    functionTypes.push(readTypeIndex(reader, types));
  });
  each(open(SECTION.table), 'tables', (reader) => {
    const hasInitial = reader.bytes[reader.offset] === 0x40;
    if (hasInitial) reader.skip(2);
    const type = readTableType(reader);
    wideTables.push(type.limits.wide);
    tableElements.push(type.element);
    const at = reader.offset;
    if (hasInitial) enter(initialisers.skip(reader));
    tables.push(hasInitial ? { type, initial: [at, reader.offset] } : { type });
  });
  each(open(SECTION.tag), 'tags', (reader) => {
    tags.push(readTag(reader, types));
  });
  each(open(SECTION.memory), 'memories', (reader) => {
    memories.push({ limits: readMemoryType(reader) });
  });
  each(open(SECTION.global), 'globals', (reader) => {
    globals.push(readGlobalType(reader));
    enter(initialisers.skip(reader));
  });
  each(open(SECTION.export), 'exports', (reader) => {
    const name = reader.name();
    const kind = readKind(reader);
    const at = reader.offset;
    const index = reader.u32();
    if (kind === 'function') {
      taken.add(index);
      shown.add(index);
      entered.add(index);
    }
    exports.push({ name, kind, ...typeOf(kind, functionTypes[index], at) });
  });

  const startSection = open(SECTION.start);
  if (startSection) {
    start = startSection.u32();
    assertDone(startSection);
    if (start >= functionTypes.length) throw new WasmRefused(`function ${start} does not exist`, startSection.offset);
    taken.add(start);
    entered.add(start);
  }

  each(open(SECTION.element), 'elements', (reader) => {
    elementCounts.push(readElement(reader, initialisers, shown, entered));
  });
  each(open(SECTION.code), 'functions', (reader) => {
    const size = reader.u32();
    bodies.push(reader.offset);
    reader.skip(size);
    bodies.push(reader.offset);
  });
  if (bodies.length / 2 !== functionTypes.length - importedFunctions)
    throw new WasmRefused('functions and bodies differ in number', bytes.length);
  for (const { limits } of memories)
    if (limits.min > WASM64_MAX_PAGES) throw new WasmRefused(`a memory of ${limits.min} pages`, 0);
  const { objectBytes } = initialisers;
  if (objectBytes > OBJECT_BYTES_AT_START)
    throw new WasmRefused(`initialisers of ${objectBytes} bytes; at most ${OBJECT_BYTES_AT_START} are allowed`, 0);

  return {
    bytes,
    sections,
    types,
    imports,
    exports,
    importedFunctions,
    functionTypes,
    importedTables,
    tables,
    memories,
    globals,
    start,
    taken,
    shown,
    entered,
    tags,
    tableElements,
    elementCounts,
    wideTables,
    makesObjects: objectBytes > 0,
    bodies,
  };
}

function each(reader: Reader | undefined, what: string, read: (reader: Reader) => void): void {
  if (!reader) return;
  for (let left = reader.count(what); left > 0; left--) read(reader);
  assertDone(reader);
}

function assertDone(reader: Reader): void {
  if (!reader.done) throw new WasmRefused('bytes after the end of a section', reader.offset);
}

function readKind(reader: Reader): ImportKind {
  const at = reader.offset;
  const code = reader.byte();
  const kind = KINDS[code];
  if (kind === undefined) throw new WasmRefused(`unknown kind ${code}`, at);
  return kind;
}

function readTypeIndex(reader: Reader, types: TypeTable): number {
  const at = reader.offset;
  const index = reader.u32();
  types.at(index, at);
  return index;
}

function readTag(reader: Reader, types: TypeTable): number {
  const at = reader.offset;
  const attribute = reader.u32();
  if (attribute !== 0) throw new WasmRefused(`unknown tag attribute ${attribute}`, at);
  return readTypeIndex(reader, types);
}

function readGlobalType(reader: Reader): GlobalDeclaration {
  const type = readValueType(reader);
  const at = reader.offset;
  const mutability = reader.byte();
  if (mutability > 1)
    throw new WasmRefused(mutability < 4 ? 'shared globals are not supported' : 'unknown mutability', at);
  return { type, mutable: mutability === 1 };
}

/** Element segments: the flags say passive or declarative (1), explicit table or declarative (2), expressions (4). Answers how many. */
function readElement(reader: Reader, initialisers: Initialisers, shown: Set<number>, entered: Set<number>): number {
  const at = reader.offset;
  const flags = reader.u32();
  if (flags > 7) throw new WasmRefused(`unknown element segment ${flags}`, at);
  if (!(flags & 1)) {
    if (flags & 2) reader.u32();
    initialisers.skip(reader);
  }
  if (flags & 3) {
    if (flags & 4) readReferenceType(reader);
    else if (reader.byte() !== 0) throw new WasmRefused('unknown element kind', reader.offset - 1);
  }
  const functions = new Set<number>();
  const count = reader.count('elements');
  for (let left = count; left > 0; left--) {
    if (flags & 4) for (const index of initialisers.skip(reader)) functions.add(index);
    else functions.add(reader.u32());
  }
  for (const index of functions) {
    initialisers.taken.add(index);
    if (flags & 1) entered.add(index);
    else shown.add(index);
  }
  return count;
}
