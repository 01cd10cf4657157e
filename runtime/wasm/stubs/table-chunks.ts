import type { DecodedModule } from '../format/module.ts';
import { BULK, OP } from '../format/opcodes.ts';
import { TYPE } from '../format/value-types.ts';
import type { Injected } from '../fuel/fuel-code.ts';
import type { TableChunks } from './added-stubs.ts';
import { chargeAndLook, constant, EMPTY_BLOCK, get, set, sized, u, wideConstant } from './stub-code.ts';

/** Fuel of an entry, as a power of two: the engine checks types and keeps its own lists for every one. */
export const ENTRY_FUEL_SHIFT = 4;
const CHUNK_ENTRIES = 4_096;

type Tables = Pick<DecodedModule, 'wideTables' | 'tableElements' | 'elementCounts'>;

/** Parameters of the helper: (to, value or from, length). */
export function tableChunkTypes(helper: TableChunks, { wideTables, tableElements }: Tables): number[] {
  const index = (table: number): number => (wideTables[table] ? TYPE.i64 : TYPE.i32);
  const { to } = helper;
  if (helper.kind === 'table.fill') return [index(to), tableElements[to] ?? TYPE.funcref, index(to)];
  if (helper.kind === 'table.init') return [index(to), TYPE.i32, TYPE.i32];
  const from = index(helper.from);
  return [index(to), from, index(to) === from ? from : TYPE.i32];
}

/** As for memories (memory-chunks); indices within bounds fit an i32 whatever their type. */
export function tableChunks(
  helper: TableChunks,
  types: readonly number[],
  tables: Tables,
  injected: Injected,
): Uint8Array {
  const { kind, to } = helper;
  const isFill = kind === 'table.fill';
  const GIVEN = { to: 0, from: 1, length: 2 };
  const [TO, FROM, LEFT, CHUNK] = [3, 4, 5, 6] as const;
  const isWide = (given: number): boolean => types[given] === TYPE.i64;
  const given = [...get(GIVEN.to), ...get(GIVEN.from), ...get(GIVEN.length)];
  const getWide = (parameter: number): number[] => [
    ...get(parameter),
    ...(isWide(parameter) ? [] : [OP.i64ExtendI32U]),
  ];
  const getAs = (local: number, parameter: number): number[] => [
    ...get(local),
    ...(isWide(parameter) ? [OP.i64ExtendI32U] : []),
  ];
  const tableSize = (table: number): number[] => [
    OP.bulk,
    BULK.tableSize,
    ...u(table),
    ...(tables.wideTables[table] ? [] : [OP.i64ExtendI32U]),
  ];
  const [instruction, fromSize] = toInstruction(helper, tables, tableSize);

  /** length > size or index > size - length, unsigned. */
  const outside = (index: number, size: readonly number[]): number[] => [
    ...[...getWide(GIVEN.length), ...size, OP.i64GtU],
    ...[...getWide(index), ...size, ...getWide(GIVEN.length), OP.i64Sub, OP.i64GtU],
    OP.i32Or,
  ];
  const narrow = (parameter: number, local: number): number[] => [
    ...get(parameter),
    ...(isWide(parameter) ? [OP.i32WrapI64] : []),
    ...set(local),
  ];
  const advance = (local: number): number[] => [...get(local), ...get(CHUNK), OP.i32Add, ...set(local)];
  const shrink = [...get(LEFT), ...get(CHUNK), OP.i32Sub, ...set(LEFT)];
  const upwards = [
    ...getAs(TO, GIVEN.to),
    ...(isFill ? get(GIVEN.from) : getAs(FROM, GIVEN.from)),
    ...getAs(CHUNK, GIVEN.length),
    ...instruction,
    ...advance(TO),
    ...(isFill ? [] : advance(FROM)),
    ...shrink,
  ];
  const behind = (local: number, parameter: number): number[] => [
    ...[...get(local), ...get(LEFT), OP.i32Add],
    ...(isWide(parameter) ? [OP.i64ExtendI32U] : []),
  ];
  const downwards = [
    ...shrink,
    ...behind(TO, GIVEN.to),
    ...behind(FROM, GIVEN.from),
    ...getAs(CHUNK, GIVEN.length),
    ...instruction,
  ];
  const loop = (step: readonly number[]): number[] => [
    ...[OP.loop, EMPTY_BLOCK],
    ...[...get(LEFT), ...constant(CHUNK_ENTRIES), ...get(LEFT), ...constant(CHUNK_ENTRIES), OP.i32LtU, OP.select],
    ...set(CHUNK),
    ...chargeAndLook([...get(CHUNK), ...constant(ENTRY_FUEL_SHIFT), OP.i32Shl], injected),
    ...step,
    ...[...get(LEFT), OP.brIf, 0, OP.end],
  ];
  const code = [
    ...outside(GIVEN.to, tableSize(to)),
    ...(isFill ? [] : [...outside(GIVEN.from, fromSize), OP.i32Or]),
    ...[OP.if, EMPTY_BLOCK, ...given, ...instruction, OP.return, OP.end],
    ...narrow(GIVEN.to, TO),
    ...(isFill ? [] : narrow(GIVEN.from, FROM)),
    ...narrow(GIVEN.length, LEFT),
    ...(kind === 'table.copy' && helper.from === to
      ? [
          ...[...get(TO), ...get(FROM), OP.i32LeU, OP.if, EMPTY_BLOCK],
          ...[...loop(upwards), OP.else, ...loop(downwards), OP.end],
        ]
      : loop(upwards)),
  ];
  return sized(code, 4);
}

/** The instruction, and the size of what it reads from. */
function toInstruction(
  helper: TableChunks,
  { elementCounts }: Tables,
  tableSize: (table: number) => number[],
): [instruction: number[], fromSize: number[]] {
  switch (helper.kind) {
    case 'table.fill':
      return [[OP.bulk, BULK.tableFill, ...u(helper.to)], []];
    case 'table.copy':
      return [[OP.bulk, BULK.tableCopy, ...u(helper.to), ...u(helper.from)], tableSize(helper.from)];
    case 'table.init':
      return [
        [OP.bulk, BULK.tableInit, ...u(helper.from), ...u(helper.to)],
        wideConstant(elementCounts[helper.from] ?? 0),
      ];
  }
}
