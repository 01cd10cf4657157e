import type { Limits } from '../format/limits.ts';
import { BULK, OP } from '../format/opcodes.ts';
import { TYPE } from '../format/value-types.ts';
import type { Injected } from '../fuel/fuel-code.ts';
import type { MemoryChunks } from './added-stubs.ts';
import { chargeAndLook, constant, EMPTY_BLOCK, get, set, sized, u, wideConstant } from './stub-code.ts';

/** Bytes that are moved for a unit of fuel, as a power of two. */
export const BULK_FUEL_SHIFT = 4;
const CHUNK_BYTES = 1 << 18;
const PAGE_SHIFT = 16;

/** Parameters of the helper: (to, value or from, length). */
export function memoryChunkTypes(helper: MemoryChunks, memories: readonly { readonly limits: Limits }[]): number[] {
  const address = (memory: number): number => (memories[memory]?.limits.wide ? TYPE.i64 : TYPE.i32);
  if (helper.kind === 'fill') return [address(helper.to), TYPE.i32, address(helper.to)];
  const [to, from] = [address(helper.to), address(helper.from)];
  return [to, from, to === from ? to : TYPE.i32];
}

/**
 * Fills or copies in chunks with a charge and a look at the fuel before each. Out of bounds it runs the instruction whole,
 * which traps and changes nothing. Copies downwards where upwards would overwrite the source.
 */
export function memoryChunks(helper: MemoryChunks, types: readonly number[], injected: Injected): Uint8Array {
  const TO = 0;
  const FROM = 1;
  const LEFT = 2;
  const CHUNK = 3;
  const { kind, to } = helper;
  const from = helper.kind === 'copy' ? helper.from : to;
  const instruction =
    kind === 'fill' ? [OP.bulk, BULK.memoryFill, ...u(to)] : [OP.bulk, BULK.memoryCopy, ...u(to), ...u(from)];
  const isWide = (local: number): boolean => types[local] === TYPE.i64;
  const getWide = (local: number): number[] => [...get(local), ...(isWide(local) ? [] : [OP.i64ExtendI32U])];
  const getAs = (value: number, like: number): number[] => [
    ...get(value),
    ...(isWide(like) && !isWide(value) ? [OP.i64ExtendI32U] : []),
  ];
  const add = (local: number): number => (isWide(local) ? OP.i64Add : OP.i32Add);
  const subtract = (local: number): number => (isWide(local) ? OP.i64Sub : OP.i32Sub);

  const size = (memory: number, addresses: number): number[] => [
    OP.memorySize,
    ...u(memory),
    ...(isWide(addresses) ? [] : [OP.i64ExtendI32U]),
    ...wideConstant(PAGE_SHIFT),
    OP.i64Shl,
  ];
  /** length > size or address > size - length, unsigned. */
  const outside = (address: number, memory: number): number[] => [
    ...getWide(LEFT),
    ...size(memory, address),
    OP.i64GtU,
    ...getWide(address),
    ...size(memory, address),
    ...getWide(LEFT),
    OP.i64Sub,
    OP.i64GtU,
    OP.i32Or,
  ];
  const advance = (local: number): number[] => [...get(local), ...getAs(CHUNK, local), add(local), ...set(local)];
  const shrink = [...get(LEFT), ...getAs(CHUNK, LEFT), subtract(LEFT), ...set(LEFT)];
  const upwards = [
    ...get(TO),
    ...get(FROM),
    ...getAs(CHUNK, LEFT),
    ...instruction,
    ...advance(TO),
    ...(kind === 'copy' ? advance(FROM) : []),
    ...shrink,
  ];
  const downwards = [
    ...shrink,
    ...get(TO),
    ...get(LEFT),
    add(TO),
    ...get(FROM),
    ...get(LEFT),
    add(FROM),
    ...getAs(CHUNK, LEFT),
    ...instruction,
  ];
  const loop = (step: readonly number[]): number[] => [
    OP.loop,
    EMPTY_BLOCK,
    ...get(LEFT),
    ...(isWide(LEFT) ? [OP.i32WrapI64] : []),
    ...constant(CHUNK_BYTES),
    ...get(LEFT),
    ...(isWide(LEFT) ? [...wideConstant(CHUNK_BYTES), OP.i64LtU] : [...constant(CHUNK_BYTES), OP.i32LtU]),
    OP.select,
    ...set(CHUNK),
    ...chargeAndLook([...get(CHUNK), ...constant(BULK_FUEL_SHIFT), OP.i32ShrU], injected),
    ...step,
    ...get(LEFT),
    ...(isWide(LEFT) ? [...wideConstant(0), OP.i64Ne] : []),
    OP.brIf,
    0,
    OP.end,
  ];
  const code = [
    ...outside(TO, to),
    ...(kind === 'copy' ? [...outside(FROM, from), OP.i32Or] : []),
    OP.if,
    EMPTY_BLOCK,
    ...get(TO),
    ...get(FROM),
    ...get(LEFT),
    ...instruction,
    OP.return,
    OP.end,
    ...(kind === 'fill' || to !== from
      ? loop(upwards)
      : [
          ...get(TO),
          ...get(FROM),
          isWide(TO) ? OP.i64LeU : OP.i32LeU,
          OP.if,
          EMPTY_BLOCK,
          ...loop(upwards),
          OP.else,
          ...loop(downwards),
          OP.end,
        ]),
  ];
  return sized(code, 1);
}
