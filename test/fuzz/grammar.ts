import type { Builder, Grammar } from './builder.ts';
import { f32, f64, s } from './bytes.ts';
import { call, callFor, callHost } from './call-code.ts';
import {
  branchingBlock,
  countedLoop,
  enter,
  ifStatement,
  longRun,
  steppedLoop,
  switched,
  valuedBlock,
} from './control-code.ts';
import { handled, throwing } from './handler-code.ts';
import { heapNumber, heapStatement, longs, node } from './heap-code.ts';
import { copy, fill, grow, init, load, sizeOf, store } from './memory-code.ts';
import { DIVISIONS, LANE_SELECTS, OPERATORS, TRUNCATIONS } from './operators.ts';
import { nullBranch, reference, tableStatement } from './table-code.ts';
import { NUMBERS, typeBytes, type ValueType } from './types.ts';

const I32: readonly number[] = [0, 1, 2, 3, 7, 8, -1, 64, 255, 65_536, 2_147_483_647, -2_147_483_648];
const I64: readonly bigint[] = [0n, 1n, -1n, 12_345n, 1n << 40n, -(1n << 63n), (1n << 63n) - 1n];
const FLOATS: readonly number[] = [0, -0, 1.5, -2, 1e30, 0.1, 4_294_967_296, -1e-20];

function constant(builder: Builder, type: ValueType): undefined {
  const { random } = builder;
  if (type === 'i32') return builder.i32(random.once(3) ? random.below(2000) : random.pick(I32));
  if (type === 'i64') return builder.op([0x42, ...s(random.pick(I64))]);
  if (type === 'f32') return builder.op([0x43, ...f32(random.pick(FLOATS))]);
  if (type === 'f64') return builder.op([0x44, ...f64(random.pick(FLOATS))]);
  return builder.op([0xfd, 0x0c, ...Array.from({ length: 16 }, () => random.pick([0, 1, 255, random.below(256)]))]);
}

function simple(builder: Builder, type: ValueType): undefined {
  const local = builder.random.once(3) ? undefined : builder.local(type);
  return local === undefined ? constant(builder, type) : builder.indexed(0x20, local);
}

function operator(builder: Builder, type: ValueType, depth: number): undefined {
  const { random } = builder;
  if ((type === 'i32' || type === 'i64') && random.once(12)) {
    const division = random.pick(DIVISIONS[type]);
    builder.values(division.operands, depth - 1);
    if (!random.once(12)) {
      constant(builder, type);
      builder.op(type === 'i32' ? 0x72 : 0x84);
      builder.op(type === 'i32' ? [0x41, 1] : [0x42, 1]);
      builder.op(type === 'i32' ? 0x72 : 0x84);
    }
    return builder.op(division.code, division.cost);
  }
  if ((type === 'i32' || type === 'i64') && random.once(60)) {
    const truncation = random.pick(TRUNCATIONS[type]);
    builder.values(truncation.operands, depth - 1);
    return builder.op(truncation.code);
  }
  const one = random.pick(OPERATORS[type]!);
  builder.values(one.operands, depth - 1);
  return builder.op(one.lanes === undefined ? one.code : [...one.code, random.below(one.lanes)], one.cost);
}

function vector(builder: Builder, depth: number): undefined {
  const { random } = builder;
  const choice = random.below(builder.plan.features.relaxedVectors ? 4 : 3);
  if (choice === 0) {
    builder.values(['v128', 'v128'], depth - 1);
    return builder.op([0xfd, 0x0d, ...Array.from({ length: 16 }, () => random.below(32))]);
  }
  if (choice === 1) {
    for (const _ of [0, 1]) {
      builder.value('v128', depth - 1);
      builder.op([0xfd, 0xfa, 0x01]);
    }
    builder.op([0xfd, random.pick([0xe4, 0xe5, 0xe6]), 0x01]);
    return builder.op([0xfd, 0xf8, 0x01]);
  }
  if (choice === 2) return operator(builder, 'v128', depth);
  const lanes = random.below(4);
  builder.values(['v128', 'v128', 'v128', 'v128'], depth - 1);
  builder.op([0xfd, [0x23, 0x2d, 0x37, 0xd6][lanes]!, ...(lanes === 3 ? [1] : [])]);
  return builder.op(LANE_SELECTS[lanes]!);
}

function value(builder: Builder, type: ValueType, depth: number): undefined {
  const { random, plan } = builder;
  if (type === 'exnref') return builder.indexed(0x20, builder.local(type)!);
  if (plan.heap && type === `null:${plan.heap.node}`) return node(builder, depth);
  if (plan.heap && type === `null:${plan.heap.longs}`) return longs(builder);
  if (type === 'funcref' || type.startsWith('null:')) return reference(builder, type);
  if (depth <= 0 || builder.room < 0) return simple(builder, type);
  switch (random.below(builder.leaf ? 8 : 16)) {
    case 0:
    case 1:
      return simple(builder, type);
    case 2: {
      const local = builder.local(type);
      if (local === undefined) return simple(builder, type);
      builder.value(type, depth - 1);
      return builder.indexed(0x22, local);
    }
    case 3: {
      const global = builder.global(type);
      return global === undefined ? simple(builder, type) : builder.indexed(0x23, global);
    }
    case 4:
      return load(builder, type, depth - 1);
    case 5:
      return random.once(2) ? valuedBlock(builder, [type], depth) : operator(builder, type, depth);
    case 6: {
      builder.values([type, type, 'i32'], depth - 1);
      return builder.op(random.once(3) ? [0x1c, 1, ...typeBytes(type)] : 0x1b);
    }
    case 8:
    case 9:
      return callFor(builder, [type], 'call') ? undefined : operator(builder, type, depth);
    case 10:
      if (type !== 'i32') break;
      if (random.once(6)) return grow(builder);
      return random.once(2) ? sizeOf(builder) : callHost(builder, 1);
    case 11:
      return random.once(2) ? steppedLoop(builder, [type], depth) : operator(builder, type, depth);
    case 12:
      if (plan.features.handlers !== 'none') return handled(builder, [type], depth);
      break;
    case 13:
      if (plan.heap && (type === 'i32' || type === 'i64')) return heapNumber(builder, type, depth);
      break;
    case 14:
      if (type === 'i32' && random.once(2)) {
        builder.value('funcref', depth - 1);
        return builder.op(0xd1);
      }
  }
  return type === 'v128' ? vector(builder, depth) : operator(builder, type, depth);
}

function statement(builder: Builder, depth: number): undefined {
  const { random, plan } = builder;
  if (depth <= 0 || builder.room < 0) return builder.op(0x01, 0);
  const type: ValueType = random.once(8) ? 'v128' : random.pick(NUMBERS);
  switch (random.below(builder.leaf ? 7 : 21)) {
    case 0:
    case 1: {
      const local = builder.local(type);
      builder.value(type, depth);
      return local === undefined ? builder.op(0x1a) : builder.indexed(0x21, local);
    }
    case 2: {
      const to = random.once(10) ? 'funcref' : type;
      const global = builder.global(to);
      builder.value(to, depth);
      return global === undefined ? builder.op(0x1a) : builder.indexed(0x24, global);
    }
    case 3:
      return store(builder, depth - 1);
    case 4:
      return ifStatement(builder, depth);
    case 5:
      return branchingBlock(builder, depth);
    case 6:
      return switched(builder, depth);
    case 7:
    case 8:
      return steppedLoop(builder, [], depth);
    case 9:
    case 10:
      return countedLoop(builder, depth);
    case 11:
    case 12: {
      const index = random.below(plan.functions.length);
      call(builder, index, 'call');
      return builder.drop(plan.functions[index]!.signature.results);
    }
    case 13:
      return random.once(2) ? fill(builder) : copy(builder);
    case 14:
      return random.once(3) ? init(builder) : tableStatement(builder);
    case 15:
      if (random.once(80)) return longRun(builder);
      return callHost(builder, 0);
    case 16:
    case 17:
      if (plan.features.handlers !== 'none') return handled(builder, [], depth);
      break;
    case 18:
      if (plan.features.handlers !== 'none') return throwing(builder, depth);
      break;
    case 19:
      if (plan.heap) return heapStatement(builder, depth);
      break;
    case 20:
      if (plan.features.typedReferences) return nullBranch(builder, depth);
  }
  builder.value(type, depth);
  return builder.op(0x1a);
}

export const GRAMMAR: Grammar = { value, statement };

/** The body of a planned function. */
export function writeFunction(builder: Builder): undefined {
  const { random } = builder;
  if (!builder.leaf) enter(builder);
  builder.statements(builder.leaf ? random.below(3) : 2 + random.below(5), builder.leaf ? 2 : 4);
  builder.values(builder.signature.results, builder.leaf ? 2 : 3);
  return builder.op(0x0b, 0);
}
