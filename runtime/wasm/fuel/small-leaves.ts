import type { DecodedModule } from '../format/module.ts';
import { OP } from '../format/opcodes.ts';
import type { Body } from './body.ts';
import { FRAME } from './frames.ts';

/** No small leaf. */
export const NO_LEAF = -1;
/** A body with more to walk than this is not small. */
const MOST_ITEMS = 96;

/** What calls pay for the small leaves of a module. */
export interface SmallLeaves {
  /** By function index: fuel of its dearest way, which every direct call pays; NO_LEAF where the function counts itself. */
  readonly fuel: Int32Array;
  /** By type index: what a call through a table pays. */
  readonly throughTable: Int32Array;
}

/** Fuel of the dearest way through a body that neither loops, calls nor costs by size; NO_LEAF for others and above `most`. */
export function leafFuel(body: Body, most: number): number {
  if (body.length > MOST_ITEMS) return NO_LEAF;
  let fuel = 0;
  for (let item = body.length - 1; item >= 0; item--) {
    const frame = body.frameAt(body.frame[item]!);
    switch (body.op[item]) {
      case OP.block:
        break;
      case OP.end:
        if (frame.kind === FRAME.loop) return NO_LEAF;
        if (frame.kind === FRAME.function) fuel = 0;
        frame.prepaid = frame.prepaidElse = fuel;
        break;
      case OP.else:
        frame.prepaidElse = fuel;
        fuel = frame.prepaid;
        break;
      case OP.if:
        fuel = Math.max(fuel, frame.prepaidElse);
        break;
      case OP.br:
        fuel = body.frameAt(body.target[item]!).prepaid;
        break;
      case OP.brIf:
        fuel = Math.max(fuel, body.frameAt(body.target[item]!).prepaid);
        break;
      case OP.brTable: {
        const place = body.target[item]!;
        fuel = 0;
        for (let left = body.targets[place]!; left > 0; left--)
          fuel = Math.max(fuel, body.frameAt(body.targets[place + left]!).prepaid);
        break;
      }
      case OP.return:
      case OP.unreachable:
        fuel = 0;
        break;
      default:
        return NO_LEAF;
    }
    fuel += body.cost[item]!;
  }
  return fuel <= most ? fuel : NO_LEAF;
}

/**
 * The leaves that calls can pay for: functions that nothing but a call in this module can enter. `fuel` is what
 * leafFuel says of every function defined. Functions in tables count where only this module's segments fill tables, no
 * code reads references, and types are told apart by what they take and give.
 */
export function findSmallLeaves(module: DecodedModule, leaves: Int32Array, readsReferences: boolean): SmallLeaves {
  const { importedFunctions, functionTypes, taken, entered, types } = module;
  const closed =
    module.importedTables === 0 &&
    types.areSimple &&
    !readsReferences &&
    !module.exports.some(({ kind }) => kind === 'table');
  const fuel = new Int32Array(functionTypes.length).fill(NO_LEAF);
  const throughTable = new Int32Array(types.declared);
  const dearest = new Map<number, number>();
  leaves.forEach((leaf, defined) => {
    const index = importedFunctions + defined;
    if (leaf === NO_LEAF || entered.has(index) || (taken.has(index) && !closed)) return;
    fuel[index] = leaf;
    if (!taken.has(index)) return;
    const type = types.firstOf(functionTypes[index]!);
    dearest.set(type, Math.max(leaf, dearest.get(type) ?? 0));
  });
  if (dearest.size > 0) {
    for (let type = 0; type < throughTable.length; type++)
      if (types.isFunction(type)) throughTable[type] = dearest.get(types.firstOf(type)) ?? 0;
  }
  return { fuel, throughTable };
}
