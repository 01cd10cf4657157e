import { GC } from '../format/gc-opcodes.ts';
import { BULK, OP } from '../format/opcodes.ts';
import { type Body, BULK_ITEM, GC_ITEM } from './body.ts';
import { FRAME, type Frame } from './frames.ts';
import { looksAtFuel } from './loops.ts';

/** Fuel a function may burn before its first look, and that a callee we know nothing of is taken to burn without one. */
const FRESH_FUEL = 512;
/** Fuel that may be burnt between two looks in one function. */
const UNCHECKED_FUEL = 4096;
/** Fuel that a function may leave unlooked-at when it returns; times the depth of the stack this bounds a long unwinding. */
const LEFT_FUEL = 2048;
/** Fuel that a turn of a loop without a look of its own may leave to the next turn. */
const TURN_FUEL = 1024;
/** Bytes that a memory.fill or memory.copy may move without a look at the fuel. */
export const SMALL_BULK_BYTES = 32_768;
const SMALL_BULK_FUEL = SMALL_BULK_BYTES >> 4;

const UNREACHED = -1;

/**
 * Places the looks at the fuel that lie between loops: before calls and at dear charges, so that no path burns much between
 * two looks and every cycle of calls has one. Walks forward with the most fuel charged since the last look on paths that had
 * one, and since entry on paths that had none. `reach` is what finished functions may burn at their ends; UNKNOWN for all
 * others. Answers the same for this function.
 */
export function placeChecks(body: Body, entryCharge: number, reach: Int32Array): number {
  let fuel = UNREACHED;
  let fresh = 0;
  let most = 0;
  const look = (item: number): void => {
    most = Math.max(most, fresh);
    body.check[item] = 1;
    fuel = 0;
    fresh = UNREACHED;
  };
  const burn = (charge: number, next: number): void => {
    if (charge <= 0) return;
    if (fuel >= 0) fuel += charge;
    if (fresh >= 0) fresh += charge;
    if (fresh > FRESH_FUEL || fuel > UNCHECKED_FUEL) look(next);
  };
  const join = (target: Frame, extra: number): void => {
    if (fuel >= 0) target.joined = Math.max(target.joined, fuel + extra);
    if (fresh >= 0) target.joinedToo = Math.max(target.joinedToo, fresh + extra);
  };
  const branch = (target: Frame, item: number, extra: number): void => {
    if (target.kind === FRAME.function) leave(item);
    else if (target.kind !== FRAME.loop) join(target, extra);
    else if (target.turning && !target.checked && Math.max(fuel, fresh) > TURN_FUEL) look(item);
  };
  const leave = (item: number): void => {
    if (Math.max(fuel, fresh) > LEFT_FUEL) look(item);
    most = Math.max(most, fuel, fresh);
  };
  /** Looked at somewhere on the way, in a loop or with a dear instruction. */
  const looked = (): void => {
    most = Math.max(most, fresh);
    fuel = 0;
    fresh = UNREACHED;
  };
  /** An exception brings whatever was burnt where it was thrown. */
  const land = (item: number): void => {
    most = Math.max(most, FRESH_FUEL);
    body.check[item + 1] = 1;
    fuel = 0;
    fresh = UNREACHED;
  };
  const call = (item: number, burnt: number, bound: number): void => {
    if (burnt === UNKNOWN ? fresh >= 0 : fresh >= 0 && fresh + burnt > FRESH_FUEL) look(item);
    const more = burnt === UNKNOWN ? FRESH_FUEL : burnt;
    if (fuel >= 0 && fuel + more > bound) look(item);
    if (fuel >= 0) fuel += more;
    if (fresh >= 0) fresh += more;
  };
  burn(entryCharge, 0);
  for (let item = 0; item < body.length; item++) {
    const frame = body.frameAt(body.frame[item]!);
    const op = body.op[item]!;
    switch (op) {
      case OP.block:
      case OP.try:
      case OP.tryTable:
        frame.joined = UNREACHED;
        frame.joinedToo = UNREACHED;
        break;
      case OP.loop:
        if (frame.checked) {
          looked();
        } else if (frame.turning) {
          if (fresh >= 0) look(item);
          fuel = Math.max(fuel, TURN_FUEL);
        }
        break;
      case OP.if:
        frame.joined = UNREACHED;
        frame.joinedToo = UNREACHED;
        frame.held = fuel;
        frame.heldToo = fresh;
        break;
      case OP.else:
        if (!frame.thenDead) join(frame, 0);
        fuel = frame.held;
        fresh = frame.heldToo;
        break;
      case OP.catch:
      case OP.catchAll:
        if (!body.target[item]) join(frame, 0);
        land(item);
        break;
      case OP.end:
      case OP.delegate:
        if (frame.kind === FRAME.function) {
          if (!frame.endDead) leave(item);
          break;
        }
        if (frame.endDead) fuel = fresh = UNREACHED;
        if (frame.kind === FRAME.loop) break;
        fuel = Math.max(fuel, frame.joined);
        fresh = Math.max(fresh, frame.joinedToo);
        if (frame.kind === FRAME.if && frame.elseItem < 0) {
          const past = Math.max(0, frame.elseCharge);
          if (frame.held >= 0) fuel = Math.max(fuel, frame.held + past);
          if (frame.heldToo >= 0) fresh = Math.max(fresh, frame.heldToo + past);
        }
        if (frame.caught) land(item);
        break;
      case OP.br:
        branch(body.frameAt(body.target[item]!), item, 0);
        break;
      case OP.brOnNull:
      case OP.brOnNonNull:
      case GC_ITEM + GC.brOnCast:
      case GC_ITEM + GC.brOnCastFail:
        branch(body.frameAt(body.target[item]!), item, 0);
        break;
      case OP.brIf:
        branch(body.frameAt(body.target[item]!), item, Math.max(0, body.takenCharge[item]!));
        break;
      case OP.brTable: {
        const place = body.target[item]!;
        for (let left = body.targets[place]!; left > 0; left--)
          branch(body.frameAt(body.targets[place + left]!), item, 0);
        break;
      }
      case OP.return:
      case OP.throw:
      case OP.rethrow:
      case OP.throwRef:
        leave(item);
        break;
      case OP.call:
      case OP.callIndirect:
      case OP.callRef:
        call(item, op === OP.call ? reach[body.target[item]!]! : UNKNOWN, UNCHECKED_FUEL);
        break;
      case OP.returnCall:
      case OP.returnCallIndirect:
      case OP.returnCallRef: {
        const known = op === OP.returnCall ? reach[body.target[item]!]! : UNKNOWN;
        if (known === UNKNOWN) look(item);
        call(item, known, LEFT_FUEL);
        most = Math.max(most, fuel, fresh);
        break;
      }
      case BULK_ITEM + BULK.memoryCopy:
      case BULK_ITEM + BULK.memoryFill:
        burn(SMALL_BULK_FUEL, item + 1);
        break;
      default:
        if (looksAtFuel(op)) looked();
    }
    burn(body.charge[item]!, item + 1);
  }
  return most;
}

/** `reach` of a function that is not finished, or not ours. */
export const UNKNOWN = -1;
