import { type Body, BULK_ITEM, GC_ITEM } from '../fuel/body.ts';
import { GC } from './gc-opcodes.ts';
import { BULK_SET, GC_SET, readBulkOpcode, readGcOpcode, skipImmediates } from './immediates.ts';
import { BULK, OP } from './opcodes.ts';
import type { Reader } from './reader.ts';
import { storageShift, type TypeTable } from './type-table.ts';

const CHANGES_TABLES: ReadonlySet<number> = new Set(
  [...[BULK.dataDrop, BULK.elemDrop], ...[BULK.tableInit, BULK.tableCopy, BULK.tableGrow, BULK.tableFill]].map(
    (second) => BULK_ITEM + second,
  ),
);

const MAKES_OBJECTS: ReadonlySet<number> = new Set(
  [
    ...[GC.structNew, GC.structNewDefault, GC.arrayNew, GC.arrayNewDefault],
    ...[GC.arrayNewFixed, GC.arrayNewData, GC.arrayNewElem],
  ].map((second) => GC_ITEM + second),
);

const ITEMS: ReadonlySet<number> = new Set([
  ...[BULK.memoryInit, BULK.memoryCopy, BULK.memoryFill].map((second) => BULK_ITEM + second),
  ...[BULK.tableInit, BULK.tableCopy, BULK.tableGrow, BULK.tableFill].map((second) => BULK_ITEM + second),
  ...[GC.arrayNew, GC.arrayNewDefault, GC.arrayNewData, GC.arrayNewElem].map((second) => GC_ITEM + second),
  ...[GC.arrayFill, GC.arrayCopy, GC.arrayInitData, GC.arrayInitElem].map((second) => GC_ITEM + second),
  ...[GC.brOnCast, GC.brOnCastFail].map((second) => GC_ITEM + second),
]);

/** Reads the second opcode after 0xfb or 0xfc, and answers the code that an item of it would have. */
export function readPrefixed(prefix: number, reader: Reader): number {
  return prefix === OP.bulk ? BULK_ITEM + readBulkOpcode(reader) : GC_ITEM + readGcOpcode(reader);
}

/** True for what costs by size at run time, or branches: it must be an item of the body. */
export function isItem(code: number): boolean {
  return ITEMS.has(code);
}

export function isCastBranch(code: number): boolean {
  return code === GC_ITEM + GC.brOnCast || code === GC_ITEM + GC.brOnCastFail;
}

export function skipPrefixed(code: number, reader: Reader): void {
  const kinds = code >= BULK_ITEM ? BULK_SET.immediates : GC_SET.immediates;
  skipImmediates(reader, kinds[code >= BULK_ITEM ? code - BULK_ITEM : code - GC_ITEM]!);
}

export function noteEffects(code: number, body: Body): void {
  if (CHANGES_TABLES.has(code)) body.changesTables = true;
  if (code === BULK_ITEM + BULK.dataDrop || code === BULK_ITEM + BULK.elemDrop) body.dropsSegments = true;
  if (MAKES_OBJECTS.has(code)) body.makesObjects = true;
}

/** Fuel of one execution as far as the code tells, with the bytes of objects whose size it says. Leaves the reader in place. */
export function instructionFuel(code: number, reader: Reader, types: TypeTable): number {
  if (code >= BULK_ITEM) return BULK_SET.weights[code - BULK_ITEM]!;
  const at = reader.offset;
  let fuel = GC_SET.weights[code - GC_ITEM]!;
  if (code === GC_ITEM + GC.structNew || code === GC_ITEM + GC.structNewDefault) {
    fuel += types.structAt(reader.u32(), at).bytes;
  } else if (code === GC_ITEM + GC.arrayNewFixed) {
    const { element } = types.arrayAt(reader.u32(), at);
    fuel += Math.min(reader.u32(), MOST_FIXED) * (1 << storageShift(element));
  }
  reader.offset = at;
  return fuel;
}

/** V8 takes no array.new_fixed of more elements. */
const MOST_FIXED = 10_000;
