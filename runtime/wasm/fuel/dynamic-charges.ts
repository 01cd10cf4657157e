import type { DecodedModule } from '../format/module.ts';
import { BULK, OP } from '../format/opcodes.ts';
import type { Reader } from '../format/reader.ts';
import type { Writer } from '../format/writer.ts';
import type { MemoryChunks, TableChunks } from '../stubs/added-stubs.ts';
import { sharesMemory } from '../stubs/gated-growth.ts';
import { BULK_FUEL_SHIFT, memoryChunkTypes } from '../stubs/memory-chunks.ts';
import { ENTRY_FUEL_SHIFT, tableChunkTypes } from '../stubs/table-chunks.ts';
import { BULK_ITEM } from './body.ts';
import { SMALL_BULK_BYTES } from './checks.ts';
import type { Counter, FuelCode, Injected } from './fuel-code.ts';

const EMPTY_BLOCK = 0x40;
const MOST_FUEL = 1 << 26;
const PAGE_FUEL_SHIFT = 8;
/** Of each memory.grow, whatever it asks for: the engine makes a new buffer, and collects the old ones now and then. */
const GROW_FUEL = 8_192;
const INIT_FUEL_SHIFT = 5;
/** Entries that a table instruction may touch at once; larger ones go to a helper. */
const SMALL_BULK_ENTRIES = 2_048;

/** An instruction that costs by size. */
export interface SizedSite {
  /** Item code. */
  readonly op: number;
  readonly counter: Counter;
  /** Behind its first byte: second opcode, if it has one, and immediates. */
  readonly operands: Reader;
  /** Copies the instruction itself to the output. */
  readonly copy: () => void;
}

/**
 * Charges for instructions that cost by size; the size is on top of the stack, an i64 where the memories or the table have
 * 64-bit addresses. Small fills and copies are charged in place, large ones go to a helper in chunks, the rest is charged
 * and looked at once; small ones of tables are charged and looked at, too.
 */
export function emitBulk(
  site: SizedSite,
  code: FuelCode,
  out: Writer,
  module: DecodedModule,
  injected: Injected,
): void {
  const { op, counter } = site;
  const { helper, entries, wide, grown } = readSize(site, module);
  const scratch = wide ? code.wideSize : code.size;
  code.label(OP.localSet, scratch);
  if (helper) {
    code.label(OP.localGet, scratch);
    constant(SMALL_BULK_BYTES);
    callForLarge(helper, memoryChunkTypes(helper, module.memories));
    chargeSize(BULK_FUEL_SHIFT, OP.i32ShrU);
    code.label(OP.localGet, scratch);
    site.copy();
    out.byte(OP.end);
    return;
  }
  if (entries) {
    code.label(OP.localGet, scratch);
    constant(SMALL_BULK_ENTRIES);
    callForLarge(entries, tableChunkTypes(entries, module));
    chargeSize(ENTRY_FUEL_SHIFT, OP.i32Shl);
    code.check(counter);
    code.label(OP.localGet, scratch);
    site.copy();
    out.byte(OP.end);
    return;
  }
  code.chargeBy(() => {
    if (op === OP.memoryGrow) {
      atMost(MOST_FUEL >> PAGE_FUEL_SHIFT);
      code.constant(PAGE_FUEL_SHIFT);
      out.byte(OP.i32Shl);
      code.constant(GROW_FUEL);
      out.byte(OP.i32Add);
    } else if (op === BULK_ITEM + BULK.memoryInit) {
      code.label(OP.localGet, scratch);
      code.constant(INIT_FUEL_SHIFT);
      out.byte(OP.i32ShrU);
    } else atMost(MOST_FUEL);
  }, counter);
  code.check(counter);
  code.label(OP.localGet, scratch);
  if (grown !== undefined && sharesMemory(module.memories))
    code.label(OP.call, injected.addedStubs.functionOf({ kind: 'grow', memory: grown }));
  else site.copy();
  if (grown !== undefined) noteRefusal();

  /** Compares with a limit on the stack; open is the branch of what stays below. */
  function callForLarge(chunks: MemoryChunks | TableChunks, types: readonly number[]): void {
    out.byte(wide ? OP.i64GtU : OP.i32GtU);
    code.unlikelyIf();
    out.s32(module.types.indexOf(types.slice(0, 2), []));
    code.label(OP.localGet, scratch);
    if (counter === 'local') code.spill();
    code.label(OP.call, injected.addedStubs.functionOf(chunks));
    if (counter === 'local') code.reload();
    out.byte(OP.else);
  }

  function chargeSize(shift: number, direction: number): void {
    code.chargeBy(() => {
      code.label(OP.localGet, scratch);
      if (wide) out.byte(OP.i32WrapI64);
      code.constant(shift);
      out.byte(direction);
    }, counter);
  }

  /** A guest that is refused memory usually gives up in some way of its own: the host can then say why. */
  function noteRefusal(): void {
    code.label(OP.localTee, scratch);
    code.label(OP.localGet, scratch);
    constant(-1);
    out.byte(wide ? OP.i64Eq : OP.i32Eq);
    code.unlikelyIf();
    out.byte(EMPTY_BLOCK);
    code.constant(1);
    code.label(OP.globalSet, injected.growFailedGlobal);
    out.byte(OP.end);
  }

  /** As an i32. */
  function atMost(limit: number): void {
    code.label(OP.localGet, scratch);
    constant(limit);
    code.label(OP.localGet, scratch);
    constant(limit);
    out.byte(wide ? OP.i64LtU : OP.i32LtU);
    out.byte(OP.select);
    if (wide) out.byte(OP.i32WrapI64);
  }

  function constant(value: number): void {
    out.byte(wide ? OP.i64Const : OP.i32Const);
    out.s32(value);
  }
}

interface Size {
  /** The size is an i64. */
  readonly wide: boolean;
  /** The memory that is to grow. */
  readonly grown?: number;
  /** What does it in chunks when it is large. */
  readonly helper?: MemoryChunks;
  readonly entries?: TableChunks;
}

function readSize({ op, operands }: SizedSite, { memories, wideTables }: DecodedModule): Size {
  const wideMemory = (index: number): boolean => memories[index]?.limits.wide ?? false;
  const wideTable = (index: number): boolean => wideTables[index] ?? false;
  if (op === OP.memoryGrow) {
    const grown = operands.u32();
    return { wide: wideMemory(grown), grown };
  }
  operands.u32();
  switch (op - BULK_ITEM) {
    case BULK.memoryFill: {
      const to = operands.u32();
      return { wide: wideMemory(to), helper: { kind: 'fill', to } };
    }
    case BULK.memoryCopy: {
      const to = operands.u32();
      const from = operands.u32();
      return { wide: wideMemory(to) && wideMemory(from), helper: { kind: 'copy', to, from } };
    }
    case BULK.tableCopy: {
      const to = operands.u32();
      const from = operands.u32();
      return { wide: wideTable(to) && wideTable(from), entries: { kind: 'table.copy', to, from } };
    }
    case BULK.tableInit: {
      const from = operands.u32();
      return { wide: false, entries: { kind: 'table.init', to: operands.u32(), from } };
    }
    case BULK.tableFill: {
      const to = operands.u32();
      return { wide: wideTable(to), entries: { kind: 'table.fill', to } };
    }
    case BULK.tableGrow:
      return { wide: wideTable(operands.u32()) };
    default:
      return { wide: false };
  }
}
