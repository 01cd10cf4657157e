import { GC } from '../format/gc-opcodes.ts';
import { OP } from '../format/opcodes.ts';
import { elementFuelShift, storageShift, type TypeTable } from '../format/type-table.ts';
import type { Writer } from '../format/writer.ts';
import type { ArrayChunks } from '../stubs/added-stubs.ts';
import { arrayChunkTypes } from '../stubs/array-chunks.ts';
import { GC_ITEM } from './body.ts';
import { SMALL_BULK_BYTES } from './checks.ts';
import type { SizedSite } from './dynamic-charges.ts';
import type { FuelCode, Injected } from './fuel-code.ts';

const EMPTY_BLOCK = 0x40;
/** Larger arrays are asked for. */
const RESERVED_BYTES = 1 << 20;
/** V8 makes no array of this many bytes or more. */
const TOO_LARGE_BYTES = 1 << 30;
const MOST_INIT_FUEL = 1 << 26;

/** Charges for array instructions that cost by length, an i32 on top of the stack: making them by the byte. */
export function emitArray(site: SizedSite, code: FuelCode, out: Writer, types: TypeTable, injected: Injected): void {
  const { op, counter, operands, copy } = site;
  operands.u32();
  const type = operands.u32();
  const { element } = types.arrayAt(type, operands.offset);
  const shift = storageShift(element);
  code.label(OP.localSet, code.size);
  switch (op - GC_ITEM) {
    case GC.arrayFill:
      move({ kind: 'array.fill', to: type });
      return;
    case GC.arrayCopy:
      move({ kind: 'array.copy', to: type, from: operands.u32() });
      return;
    case GC.arrayInitData:
    case GC.arrayInitElem:
      chargeAndLook(() => {
        atMost(MOST_INIT_FUEL);
        code.constant(elementFuelShift(element));
        out.byte(OP.i32ShrU);
      });
      break;
    default:
      make();
  }
  code.label(OP.localGet, code.size);
  copy();

  function make(): void {
    lengthAbove(RESERVED_BYTES >> shift);
    out.byte(EMPTY_BLOCK);
    code.label(OP.localGet, code.size);
    code.constant(shift);
    out.byte(OP.i32Shl);
    code.constant(0);
    code.label(OP.localGet, code.size);
    code.constant(TOO_LARGE_BYTES >> shift);
    out.byte(OP.i32LtU);
    out.byte(OP.select);
    callHelper(injected.addedStubs.functionOf({ kind: 'reserve' }));
    out.byte(OP.else);
    chargeAndLook(() => {
      code.label(OP.localGet, code.size);
      code.constant(shift);
      out.byte(OP.i32Shl);
    });
    out.byte(OP.end);
  }

  function move(helper: ArrayChunks): void {
    lengthAbove(SMALL_BULK_BYTES >> shift);
    out.s32(types.indexOf(arrayChunkTypes(helper, types).slice(0, -1), []));
    code.label(OP.localGet, code.size);
    callHelper(injected.addedStubs.functionOf(helper));
    out.byte(OP.else);
    chargeAndLook(() => {
      code.label(OP.localGet, code.size);
      code.constant(elementFuelShift(element));
      out.byte(OP.i32ShrU);
    });
    code.label(OP.localGet, code.size);
    copy();
    out.byte(OP.end);
  }

  function lengthAbove(elements: number): void {
    code.label(OP.localGet, code.size);
    code.constant(elements);
    out.byte(OP.i32GtU);
    code.unlikelyIf();
  }

  function callHelper(index: number): void {
    if (counter === 'local') code.spill();
    code.label(OP.call, index);
    if (counter === 'local') code.reload();
  }

  function chargeAndLook(amount: () => void): void {
    code.chargeBy(amount, counter);
    code.check(counter);
  }

  function atMost(limit: number): void {
    code.label(OP.localGet, code.size);
    code.constant(limit);
    code.label(OP.localGet, code.size);
    code.constant(limit);
    out.byte(OP.i32LtU);
    out.byte(OP.select);
  }
}
