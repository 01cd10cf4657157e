import { IMM, refuseOpcode, simdImmediates, skipImmediates } from './immediates.ts';
import { OP } from './opcodes.ts';
import type { Reader } from './reader.ts';
import { WasmRefused } from './refused.ts';
import { readHeapType } from './value-types.ts';

/** Steps over an initialiser and notes the functions it takes a reference to. */
export function skipConstantExpression(reader: Reader, taken: Set<number>): void {
  for (;;) {
    const at = reader.offset;
    const opcode = reader.byte();
    switch (opcode) {
      case OP.end:
        return;
      case OP.i32Const:
        reader.skipLeb(5);
        break;
      case OP.i64Const:
        reader.skipLeb(10);
        break;
      case OP.f32Const:
        reader.skip(4);
        break;
      case OP.f64Const:
        reader.skip(8);
        break;
      case OP.globalGet:
        reader.u32();
        break;
      case OP.refNull:
        readHeapType(reader);
        break;
      case OP.refFunc:
        taken.add(reader.u32());
        break;
      case OP.simd: {
        const kind = simdImmediates(reader);
        if (kind !== IMM.bytes16) throw new WasmRefused('an initialiser that is not constant', at);
        skipImmediates(reader, kind);
        break;
      }
      case OP.i32Add:
      case OP.i32Sub:
      case OP.i32Mul:
      case OP.i64Add:
      case OP.i64Sub:
      case OP.i64Mul:
        break;
      default:
        refuseOpcode(opcode, at);
    }
  }
}
