import { readBlockType } from '../format/block-type.ts';
import { AFTER_FB } from '../format/gc-opcodes.ts';
import type { DecodedModule } from '../format/module.ts';
import { AFTER_FC, ONE_BYTE, OP, type OpcodeRow } from '../format/opcodes.ts';
import { Reader } from '../format/reader.ts';
import { WasmRefused } from '../format/refused.ts';
import { SECTION } from '../format/sections.ts';
import { AFTER_FD } from '../format/simd-opcodes.ts';
import { readValueType, TYPE } from '../format/value-types.ts';
import { skipCatchClauses, skipInstruction } from '../fuel/dead-code.ts';

/** What `spec` says in the rows of instructions that WebAssembly 1.0 had. */
const FIRST_VERSION: ReadonlySet<string> = new Set('control parametric variable memory numeric prefixes'.split(' '));

const PLAIN = specByOpcode(ONE_BYTE);
const PREFIXED: ReadonlyMap<number, readonly (string | undefined)[]> = new Map([
  [OP.gc, specByOpcode(AFTER_FB)],
  [OP.bulk, specByOpcode(AFTER_FC)],
  [OP.simd, specByOpcode(AFTER_FD)],
]);
const GARBAGE_COLLECTED: ReadonlySet<number> = new Set([
  ...[TYPE.anyref, TYPE.eqref, TYPE.i31ref, TYPE.structref, TYPE.arrayref],
  ...[TYPE.nullref, TYPE.nullfuncref, TYPE.nullexternref],
]);
const ARITHMETIC: ReadonlySet<number> = new Set([OP.i32Add, OP.i32Sub, OP.i32Mul, OP.i64Add, OP.i64Sub, OP.i64Mul]);

/**
 * The proposals beyond WebAssembly 1.0 that a module uses, by name and in alphabetical order. What the rewriter refuses
 * ends the look at that function, so of a refused module this is what could be read.
 */
export function featuresUsed(module: DecodedModule): string[] {
  const found = new Set<string>();
  declarations(module, found);
  const { bytes, bodies } = module;
  for (let at = 0; at < bodies.length; at += 2) {
    const reader = new Reader(bytes, bodies[at]!, bodies[at + 1]!);
    tolerant(() => {
      for (let left = reader.count('locals'); left > 0; left--) {
        reader.u32();
        noteType(readValueType(reader), found);
      }
      readCode(reader, module, found);
    });
  }
  return [...found].sort();
}

function declarations(module: DecodedModule, found: Set<string>): void {
  const { sections, types, functionTypes, importedTables, tables, wideTables, memories, globals } = module;
  for (const index of new Set(functionTypes)) {
    const { params, results } = types.at(index, 0);
    if (results.length > 1) found.add('multi-value');
    for (const type of [...params, ...results]) noteType(type, found);
  }
  for (const { type } of globals) noteType(type, found);
  for (const { type, initial } of tables) {
    if (type.element !== TYPE.funcref) noteType(type.element, found);
    if (initial) found.add('typed function references');
  }
  if (importedTables + tables.length > 1) found.add('reference types');
  if (memories.length > 1) found.add('multi-memory');
  if (wideTables.includes(true) || memories.some(({ limits }) => limits.wide)) found.add('memory64');
  for (const { id, start, end } of sections) {
    if (id === SECTION.tag) found.add('exception handling');
    if (id === SECTION.dataCount) found.add('bulk memory');
    if (id === SECTION.global) tolerant(() => readInitialisers(new Reader(module.bytes, start, end), found));
  }
}

function readInitialisers(reader: Reader, found: Set<string>): void {
  for (let left = reader.count('globals'); left > 0; left--) {
    readValueType(reader);
    reader.skip(1);
    for (let opcode = 0; opcode !== OP.end; ) {
      const at = reader.offset;
      opcode = reader.byte();
      if (ARITHMETIC.has(opcode)) found.add('extended constant expressions');
      if (opcode !== OP.end) skipInstruction(reader, opcode, at);
    }
  }
}

function readCode(reader: Reader, module: DecodedModule, found: Set<string>): void {
  while (!reader.done) {
    const at = reader.offset;
    const opcode = reader.byte();
    const prefixed = PREFIXED.get(opcode);
    const spec = prefixed ? prefixed[new Reader(reader.bytes, reader.offset, reader.end).u32()] : PLAIN[opcode];
    if (spec !== undefined && !FIRST_VERSION.has(spec)) found.add(spec);
    switch (opcode) {
      case OP.block:
      case OP.loop:
      case OP.if:
      case OP.try:
      case OP.tryTable: {
        const type = readBlockType(reader, module.types);
        if (type >= 0) noteBlockType(module.types.at(type, at), found);
        if (opcode === OP.tryTable) skipCatchClauses(reader);
        break;
      }
      case OP.catch:
      case OP.delegate:
        reader.u32();
        break;
      case OP.else:
      case OP.catchAll:
      case OP.end:
        break;
      default:
        skipInstruction(reader, opcode, at);
    }
  }
}

function noteBlockType(
  { params, results }: { params: readonly number[]; results: readonly number[] },
  found: Set<string>,
): void {
  if (params.length > 0 || results.length > 1) found.add('multi-value');
}

function noteType(type: number, found: Set<string>): void {
  if (type > 0xff) found.add('typed function references');
  else if (type === TYPE.v128) found.add('fixed-width SIMD');
  else if (type === TYPE.exnref || type === TYPE.nullexnref) found.add('exception handling');
  else if (GARBAGE_COLLECTED.has(type)) found.add('garbage collection');
  else if (type < TYPE.v128) found.add('reference types');
}

function specByOpcode(rows: readonly OpcodeRow[]): (string | undefined)[] {
  const specs: (string | undefined)[] = [];
  for (const { first, names, spec } of rows)
    names.split(' ').forEach((_, place) => {
      specs[first + place] = spec.split(',')[0];
    });
  return specs;
}

function tolerant(read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof WasmRefused)) throw error;
  }
}
