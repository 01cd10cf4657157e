import { AFTER_FB } from './gc-opcodes.ts';
import { AFTER_FC, type Immediates, ONE_BYTE, OP, type OpcodeRow } from './opcodes.ts';
import { opcodeProposal, prefixedProposal } from './proposals.ts';
import type { Reader } from './reader.ts';
import { WasmRefused } from './refused.ts';
import { AFTER_FD } from './simd-opcodes.ts';
import { readHeapType, readValueType } from './value-types.ts';

/** How the immediates of an opcode are read, small numbers for the decoder's inner loop. */
export const IMM = {
  unknown: 0,
  none: 1,
  control: 2,
  index: 3,
  twoIndices: 4,
  memory: 5,
  memoryLane: 6,
  lane: 7,
  bytes16: 8,
  i32: 9,
  i64: 10,
  f32: 11,
  f64: 12,
  types: 13,
  reference: 14,
  prefix: 15,
  castBranch: 16,
} as const;

const CODE: Readonly<Record<Immediates, number>> = {
  none: IMM.none,
  block: IMM.control,
  label: IMM.control,
  labels: IMM.control,
  index: IMM.index,
  'two indices': IMM.twoIndices,
  'memory argument': IMM.memory,
  'memory argument, lane': IMM.memoryLane,
  lane: IMM.lane,
  'sixteen bytes': IMM.bytes16,
  i32: IMM.i32,
  i64: IMM.i64,
  f32: IMM.f32,
  f64: IMM.f64,
  types: IMM.types,
  'heap type': IMM.reference,
  'cast branch': IMM.castBranch,
  prefix: IMM.prefix,
};

interface InstructionSet {
  readonly immediates: Uint8Array;
  readonly weights: Uint8Array;
}

/** More than any second opcode that is in a row. */
const OPCODES = 512;

function createInstructionSet(rows: readonly OpcodeRow[]): InstructionSet {
  const immediates = new Uint8Array(OPCODES);
  const weights = new Uint8Array(OPCODES);
  for (const row of rows) {
    let opcode = row.first;
    for (const name of row.names.split(' ')) {
      if (name !== '-') {
        immediates[opcode] = CODE[row.immediates];
        weights[opcode] = row.weight;
      }
      opcode++;
    }
  }
  return { immediates, weights };
}

export const PLAIN: InstructionSet = createInstructionSet(ONE_BYTE);
export const BULK_SET: InstructionSet = createInstructionSet(AFTER_FC);
export const GC_SET: InstructionSet = createInstructionSet(AFTER_FB);
const SIMD_SET: InstructionSet = createInstructionSet(AFTER_FD);

const CONTROL: readonly number[] = [
  ...[OP.unreachable, OP.else, OP.end, OP.return, OP.call, OP.callIndirect, OP.returnCall, OP.returnCallIndirect],
  ...[OP.callRef, OP.returnCallRef],
  ...[OP.catch, OP.catchAll, OP.throw, OP.throwRef],
];
for (const opcode of CONTROL) PLAIN.immediates[opcode] = IMM.control;
PLAIN.immediates[OP.memoryGrow] = IMM.control;
PLAIN.immediates[OP.tableSet] = IMM.control;

/** Steps over the immediates of an instruction without effect on control. */
export function skipImmediates(reader: Reader, kind: number): void {
  switch (kind) {
    case IMM.none:
      return;
    case IMM.index:
      reader.u32();
      return;
    case IMM.twoIndices:
      reader.u32();
      reader.u32();
      return;
    case IMM.memory:
      skipMemoryArgument(reader);
      return;
    case IMM.memoryLane:
      skipMemoryArgument(reader);
      reader.skip(1);
      return;
    case IMM.lane:
      reader.skip(1);
      return;
    case IMM.bytes16:
      reader.skip(16);
      return;
    case IMM.i32:
      reader.skipLeb(5);
      return;
    case IMM.i64:
      reader.skipLeb(10);
      return;
    case IMM.f32:
      reader.skip(4);
      return;
    case IMM.f64:
      reader.skip(8);
      return;
    case IMM.types: {
      for (let left = reader.count('types'); left > 0; left--) readValueType(reader);
      return;
    }
    case IMM.reference:
      readHeapType(reader);
      return;
    case IMM.castBranch:
      reader.skip(1);
      reader.u32();
      readHeapType(reader);
      readHeapType(reader);
      return;
    default:
      throw new WasmRefused('unknown instruction', reader.offset);
  }
}

/** How the instruction after a prefix byte reads on; refuses what is in no table. */
export function simdImmediates(reader: Reader): number {
  const at = reader.offset;
  const second = reader.u32();
  const kind = second < OPCODES ? SIMD_SET.immediates[second]! : IMM.unknown;
  if (kind === IMM.unknown) throw new WasmRefused(`${prefixedProposal(OP.simd, second)} is not supported`, at - 1);
  return kind;
}

export function readBulkOpcode(reader: Reader): number {
  const at = reader.offset;
  const second = reader.u32();
  if (second >= OPCODES || BULK_SET.immediates[second] === IMM.unknown)
    throw new WasmRefused(`${prefixedProposal(OP.bulk, second)} is not supported`, at - 1);
  return second;
}

export function readGcOpcode(reader: Reader): number {
  const at = reader.offset;
  const second = reader.u32();
  if (second >= OPCODES || GC_SET.immediates[second] === IMM.unknown)
    throw new WasmRefused(`${prefixedProposal(OP.gc, second)} is not supported`, at - 1);
  return second;
}

export function refuseOpcode(opcode: number, offset: number): never {
  throw new WasmRefused(`${opcodeProposal(opcode)} is not supported`, offset);
}

/** Bit of the alignment of a memory argument that names its memory. */
const NAMES_MEMORY = 0x40;

function skipMemoryArgument(reader: Reader): void {
  const at = reader.offset;
  const align = reader.u32();
  if ((align & ~NAMES_MEMORY) > 4) throw new WasmRefused('an alignment above 16 bytes', at);
  if (align & NAMES_MEMORY) reader.u32();
  reader.skipLeb(10);
}
