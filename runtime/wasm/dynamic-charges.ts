import { BULK_ITEM } from './body.ts';
import { SMALL_BULK_BYTES } from './checks.ts';
import type { Counter, FuelCode, Injected } from './fuel-code.ts';
import { BULK, OP } from './opcodes.ts';
import { TYPE, type TypeTable } from './value-types.ts';
import type { Writer } from './writer.ts';

const EMPTY_BLOCK = 0x40;
const MOST_FUEL = 1 << 26;
const PAGE_FUEL_SHIFT = 8;
/** Of each memory.grow, whatever it asks for: the engine makes a new buffer, and collects the old ones now and then. */
const GROW_FUEL = 8_192;
const INIT_FUEL_SHIFT = 5;
export const BULK_FUEL_SHIFT = 4;

export interface BulkSite {
  readonly op: number;
  readonly counter: Counter;
  /** Of a fill or copy: the memory written, and the one read. */
  readonly memories: readonly [number, number];
  /** Copies the instruction itself to the output. */
  readonly copy: () => void;
}

/**
 * Charges for instructions that cost by size; the size is on top of the stack. Small fills and copies are charged in place,
 * large ones go to a helper in chunks, the rest is charged and looked at once.
 */
export function emitBulk(site: BulkSite, code: FuelCode, out: Writer, types: TypeTable, injected: Injected): void {
  const { op, counter } = site;
  code.label(OP.localSet, code.size);
  if (op === BULK_ITEM + BULK.memoryFill || op === BULK_ITEM + BULK.memoryCopy) {
    const two = [TYPE.i32, TYPE.i32];
    code.label(OP.localGet, code.size);
    code.constant(SMALL_BULK_BYTES);
    out.byte(OP.i32GtU);
    code.unlikelyIf();
    out.s32(types.indexOf(two, []));
    code.label(OP.localGet, code.size);
    if (counter === 'local') code.spill();
    const [to, from] = site.memories;
    code.label(OP.call, injected.chunks.functionOf(op === BULK_ITEM + BULK.memoryFill ? { fill: to } : { to, from }));
    if (counter === 'local') code.reload();
    out.byte(OP.else);
    code.chargeBy(() => {
      code.label(OP.localGet, code.size);
      code.constant(BULK_FUEL_SHIFT);
      out.byte(OP.i32ShrU);
    }, counter);
    code.label(OP.localGet, code.size);
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
      code.label(OP.localGet, code.size);
      code.constant(INIT_FUEL_SHIFT);
      out.byte(OP.i32ShrU);
    } else atMost(MOST_FUEL);
  }, counter);
  code.check(counter);
  code.label(OP.localGet, code.size);
  site.copy();
  if (op === OP.memoryGrow) noteRefusal();

  /** A guest that is refused memory usually gives up in some way of its own: the host can then say why. */
  function noteRefusal(): void {
    code.label(OP.localTee, code.size);
    code.label(OP.localGet, code.size);
    code.constant(-1);
    out.byte(OP.i32Eq);
    code.unlikelyIf();
    out.byte(EMPTY_BLOCK);
    code.constant(1);
    code.label(OP.globalSet, injected.growFailedGlobal);
    out.byte(OP.end);
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
