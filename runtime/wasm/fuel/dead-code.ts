import { readBlockType } from '../format/block-type.ts';
import {
  BULK_SET,
  GC_SET,
  IMM,
  PLAIN,
  readBulkOpcode,
  readGcOpcode,
  refuseOpcode,
  simdImmediates,
  skipImmediates,
} from '../format/immediates.ts';
import { OP } from '../format/opcodes.ts';
import type { Reader } from '../format/reader.ts';
import type { TypeTable } from '../format/type-table.ts';

/** Kinds of catch clause from here on have no tag. */
export const CATCH_ALL = 2;

const OPENING: ReadonlySet<number> = new Set([OP.block, OP.loop, OP.if, OP.try, OP.tryTable]);
/** What ends dead code in the innermost frame. */
const CLOSING: ReadonlySet<number> = new Set([OP.end, OP.else, OP.catch, OP.catchAll, OP.delegate]);

/**
 * Skips code that cannot run, up to the end, else or catch of the innermost frame; the reader stands before it, at the
 * offset that is answered.
 */
export function skipDeadCode(reader: Reader, types: TypeTable): number {
  for (let open = 0; ; ) {
    const at = reader.offset;
    const opcode = reader.byte();
    if (OPENING.has(opcode)) {
      readBlockType(reader, types);
      if (opcode === OP.tryTable) skipCatchClauses(reader);
      open++;
    } else if (CLOSING.has(opcode)) {
      if (open === 0) {
        reader.offset = at;
        return at;
      }
      if (opcode === OP.catch || opcode === OP.delegate) reader.u32();
      if (opcode === OP.end || opcode === OP.delegate) open--;
    } else skipInstruction(reader, opcode, at);
  }
}

export function skipCatchClauses(reader: Reader): void {
  for (let left = reader.count('catch clauses'); left > 0; left--) {
    if (reader.byte() < CATCH_ALL) reader.u32();
    reader.u32();
  }
}

/** Steps over the rest of an instruction that opens or closes nothing. */
export function skipInstruction(reader: Reader, opcode: number, at: number): void {
  switch (opcode) {
    case OP.br:
    case OP.brIf:
    case OP.call:
    case OP.returnCall:
    case OP.callRef:
    case OP.returnCallRef:
    case OP.brOnNull:
    case OP.brOnNonNull:
    case OP.throw:
    case OP.rethrow:
    case OP.tableSet:
    case OP.memoryGrow:
      reader.u32();
      return;
    case OP.callIndirect:
    case OP.returnCallIndirect:
      reader.u32();
      reader.u32();
      return;
    case OP.brTable:
      for (let left = reader.count('labels'); left >= 0; left--) reader.u32();
      return;
    case OP.return:
    case OP.throwRef:
    case OP.unreachable:
      return;
    case OP.simd:
      skipImmediates(reader, simdImmediates(reader));
      return;
    case OP.gc:
      skipImmediates(reader, GC_SET.immediates[readGcOpcode(reader)]!);
      return;
    case OP.bulk:
      skipImmediates(reader, BULK_SET.immediates[readBulkOpcode(reader)]!);
      return;
    default: {
      const kind = PLAIN.immediates[opcode]!;
      if (kind === IMM.unknown) refuseOpcode(opcode, at);
      skipImmediates(reader, kind);
    }
  }
}
