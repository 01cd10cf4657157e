import { IMM, PLAIN, simdImmediates, skipImmediates } from '../format/immediates.ts';
import { OP } from '../format/opcodes.ts';
import { readPrefixed, skipPrefixed } from '../format/prefixed.ts';
import { Reader } from '../format/reader.ts';

export interface Instruction {
  readonly op: number;
  readonly operand: number;
  readonly start: number;
}

/** The plain instructions of a run, with the operand where it is a local or an i32 constant. */
export function readRun(bytes: Uint8Array, start: number, end: number): Instruction[] {
  const reader = new Reader(bytes, start, end);
  const run: Instruction[] = [];
  while (!reader.done) {
    const at = reader.offset;
    const op = reader.byte();
    let operand = 0;
    if (op === OP.localGet || op === OP.localSet || op === OP.localTee) operand = reader.u32();
    else if (op === OP.i32Const) operand = reader.s32();
    else if (op === OP.simd) skipImmediates(reader, simdImmediates(reader));
    else if (op === OP.bulk || op === OP.gc) skipPrefixed(readPrefixed(op, reader), reader);
    else if (op === OP.tableSet || op === OP.call) reader.u32();
    else skipImmediates(reader, PLAIN.immediates[op] ?? IMM.unknown);
    run.push({ op, operand, start: at });
  }
  return run;
}
