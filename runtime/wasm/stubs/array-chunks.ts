import { GC } from '../format/gc-opcodes.ts';
import { OP } from '../format/opcodes.ts';
import { elementFuelShift, storageShift, type TypeTable, unpacked } from '../format/type-table.ts';
import { nullableReferenceTo, TYPE } from '../format/value-types.ts';
import type { Injected } from '../fuel/fuel-code.ts';
import type { ArrayChunks } from './added-stubs.ts';
import { chargeAndLook, constant, EMPTY_BLOCK, get, set, sized, u } from './stub-code.ts';

const CHUNK_BYTES = 1 << 18;

/** Parameters: of a fill (array, index, value, length), of a copy (to, index, from, index, length). */
export function arrayChunkTypes(helper: ArrayChunks, types: TypeTable): number[] {
  const to = nullableReferenceTo(helper.to);
  if (helper.kind === 'array.fill') return [to, TYPE.i32, unpacked(types.arrayAt(helper.to, 0).element), TYPE.i32];
  return [to, TYPE.i32, nullableReferenceTo(helper.from), TYPE.i32, TYPE.i32];
}

/** As for memories (memory-chunks): a null or an index out of bounds is left to the instruction itself, which traps. */
export function arrayChunks(helper: ArrayChunks, types: TypeTable, injected: Injected): Uint8Array {
  const isFill = helper.kind === 'array.fill';
  const TO = 0;
  const TO_INDEX = 1;
  const FROM = 2;
  const FROM_INDEX = 3;
  const LEFT = isFill ? 3 : 4;
  const CHUNK = LEFT + 1;
  const { element } = types.arrayAt(helper.to, 0);
  const chunk = CHUNK_BYTES >> storageShift(element);
  const instruction = isFill
    ? [OP.gc, GC.arrayFill, ...u(helper.to)]
    : [OP.gc, GC.arrayCopy, ...u(helper.to), ...u(helper.from)];

  const outside = (array: number, index: number): number[] => [
    ...get(index),
    OP.i64ExtendI32U,
    ...get(LEFT),
    OP.i64ExtendI32U,
    OP.i64Add,
    ...get(array),
    OP.gc,
    GC.arrayLen,
    OP.i64ExtendI32U,
    OP.i64GtU,
  ];
  const advance = (local: number): number[] => [...get(local), ...get(CHUNK), OP.i32Add, ...set(local)];
  const shrink = [...get(LEFT), ...get(CHUNK), OP.i32Sub, ...set(LEFT)];
  const upwards = [
    ...get(TO),
    ...get(TO_INDEX),
    ...get(FROM),
    ...(isFill ? [] : get(FROM_INDEX)),
    ...get(CHUNK),
    ...instruction,
    ...advance(TO_INDEX),
    ...(isFill ? [] : advance(FROM_INDEX)),
    ...shrink,
  ];
  const downwards = [
    ...shrink,
    ...get(TO),
    ...get(TO_INDEX),
    ...get(LEFT),
    OP.i32Add,
    ...get(FROM),
    ...get(FROM_INDEX),
    ...get(LEFT),
    OP.i32Add,
    ...get(CHUNK),
    ...instruction,
  ];
  const loop = (step: readonly number[]): number[] => [
    OP.loop,
    EMPTY_BLOCK,
    ...get(LEFT),
    ...constant(chunk),
    ...get(LEFT),
    ...constant(chunk),
    OP.i32LtU,
    OP.select,
    ...set(CHUNK),
    ...chargeAndLook([...get(CHUNK), ...constant(elementFuelShift(element)), OP.i32ShrU], injected),
    ...step,
    ...get(LEFT),
    OP.brIf,
    0,
    OP.end,
  ];
  const code = [
    ...outside(TO, TO_INDEX),
    ...(isFill ? [] : [...outside(FROM, FROM_INDEX), OP.i32Or]),
    OP.if,
    EMPTY_BLOCK,
    ...get(TO),
    ...get(TO_INDEX),
    ...get(FROM),
    ...(isFill ? [] : get(FROM_INDEX)),
    ...get(LEFT),
    ...instruction,
    OP.return,
    OP.end,
    ...(isFill
      ? loop(upwards)
      : [
          ...get(TO_INDEX),
          ...get(FROM_INDEX),
          OP.i32LeU,
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
