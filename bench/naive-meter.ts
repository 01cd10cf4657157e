import {
  BULK_SET,
  IMM,
  PLAIN,
  readBulkOpcode,
  simdImmediates,
  skipImmediates,
} from '../runtime/wasm/format/immediates.ts';
import { OP } from '../runtime/wasm/format/opcodes.ts';
import { Reader } from '../runtime/wasm/format/reader.ts';
import { SECTION, SECTION_ORDER } from '../runtime/wasm/format/sections.ts';
import { TYPE } from '../runtime/wasm/format/value-types.ts';
import { Writer } from '../runtime/wasm/format/writer.ts';
import { decodeModule } from '../runtime/wasm/index.ts';

/** Export name of the counter, an i64 global that begins with enough for any start function. */
export const NAIVE_FUEL = 'naive:fuel';

const I64 = { const: OP.i64Const, ltS: 0x53, sub: 0x7d } as const;
/** 2^62 as signed LEB128. */
const PLENTY: readonly number[] = [...new Array<number>(8).fill(0x80), 0xc0, 0x00];
const EMPTY_BLOCK = 0x40;
const GLOBAL = 3;

/**
 * The strategy everybody starts with: an i64 global, and at the head of every basic block a subtraction, a comparison
 * and a trap when nothing is left. It costs one unit an instruction. It has no slices, so no clock, and no charge for
 * the size of bulk operations: cheaper than a meter that could take our place.
 */
export function meterNaively(input: Uint8Array): Uint8Array {
  const module = decodeModule(input);
  const counter = module.globals.length;
  const contentOf = (id: number) => module.sections.find((section) => section.id === id);
  const out = new Writer(input.length * 2);
  out.copy(input, 0, 8);
  for (const id of SECTION_ORDER) {
    const section = contentOf(id);
    const appended = (entry: (content: Writer) => void): void =>
      out.section(id, (content) => {
        const reader = section && new Reader(input, section.start, section.end);
        content.u32((reader?.u32() ?? 0) + 1);
        if (reader) content.copy(input, reader.offset, reader.end);
        entry(content);
      });
    if (id === SECTION.global) appended((content) => content.raw([TYPE.i64, 1, I64.const, ...PLENTY, OP.end]));
    else if (id === SECTION.export) {
      appended((content) => {
        content.name(NAIVE_FUEL);
        content.byte(GLOBAL);
        content.u32(counter);
      });
    } else if (id === SECTION.code) {
      out.section(id, (content) => {
        content.u32(module.bodies.length / 2);
        for (let at = 0; at < module.bodies.length; at += 2) {
          const body = meterBody(new Reader(input, module.bodies[at]!, module.bodies[at + 1]!), counter);
          content.u32(body.length);
          content.raw(body.view());
        }
      });
    } else if (section) out.section(id, (content) => content.copy(input, section.start, section.end));
  }
  return out.view();
}

function meterBody(reader: Reader, counter: number): Writer {
  const out = new Writer();
  const start = reader.offset;
  for (let left = reader.u32(); left > 0; left--) {
    reader.u32();
    reader.byte();
  }
  out.copy(reader.bytes, start, reader.offset);
  while (!reader.done) {
    const from = reader.offset;
    let instructions = 0;
    for (let more = true; more && !reader.done; instructions++) more = !endsBlock(reader);
    writeCharge(out, counter, instructions);
    out.copy(reader.bytes, from, reader.offset);
  }
  return out;
}

function writeCharge(out: Writer, counter: number, fuel: number): void {
  const global = (op: number): void => {
    out.byte(op);
    out.u32(counter);
  };
  const constant = (value: number): void => {
    out.byte(I64.const);
    out.s32(value);
  };
  global(OP.globalGet);
  constant(fuel);
  out.byte(I64.sub);
  global(OP.globalSet);
  global(OP.globalGet);
  constant(0);
  out.raw([I64.ltS, OP.if, EMPTY_BLOCK, OP.unreachable, OP.end]);
}

/** Reads one instruction; whether another basic block begins behind it. */
function endsBlock(reader: Reader): boolean {
  const opcode = reader.byte();
  switch (opcode) {
    case OP.block:
      reader.s33();
      return false;
    case OP.loop:
    case OP.if:
      reader.s33();
      return true;
    case OP.else:
    case OP.end:
    case OP.return:
    case OP.unreachable:
      return true;
    case OP.br:
    case OP.brIf:
      reader.u32();
      return true;
    case OP.brTable:
      for (let left = reader.u32(); left >= 0; left--) reader.u32();
      return true;
    case OP.call:
    case OP.tableSet:
    case OP.memoryGrow:
      reader.u32();
      return false;
    case OP.callIndirect:
      reader.u32();
      reader.u32();
      return false;
    case OP.simd:
      skipImmediates(reader, simdImmediates(reader));
      return false;
    case OP.bulk:
      skipImmediates(reader, BULK_SET.immediates[readBulkOpcode(reader)] ?? IMM.unknown);
      return false;
    default:
      skipImmediates(reader, PLAIN.immediates[opcode] ?? IMM.unknown);
      return false;
  }
}
