import { GC } from '../format/gc-opcodes.ts';
import { BULK, OP } from '../format/opcodes.ts';
import { type Body, BULK_ITEM, GC_ITEM, PAUSE } from './body.ts';
import { FRAME, type Frame } from './frames.ts';

const UNREACHED = 0x7fffffff;

/**
 * Decides which loops must look at the fuel themselves (some turn passes no inner check) and which make a call in every turn.
 * Walks forward with two counts: of how many loops around, outermost first, every path since the header has met a check,
 * and a call. A branch back to a loop that the count does not reach tells. Where an exception lands
 * there is always a check.
 */
export function classifyLoops(body: Body): void {
  let checked = 0;
  let called = 0;
  const branch = (target: Frame): void => {
    if (target.kind === FRAME.loop) {
      if (!target.turning) return;
      if (checked < target.loopDepth) target.checked = true;
      if (called < target.loopDepth) target.mustCall = false;
    } else {
      target.joined = Math.min(target.joined, checked);
      target.joinedToo = Math.min(target.joinedToo, called);
    }
  };
  for (let item = 0; item < body.length; item++) {
    const frame = body.frameAt(body.frame[item]!);
    const op = body.op[item]!;
    switch (op) {
      case OP.block:
        frame.joined = frame.joinedToo = UNREACHED;
        break;
      case OP.tryTable: {
        frame.joined = frame.joinedToo = UNREACHED;
        const place = body.target[item]!;
        for (let left = body.targets[place]!; left > 0; left--) branch(body.frameAt(body.targets[place + left]!));
        break;
      }
      case OP.loop:
        frame.mustCall = frame.turning;
        if (frame.turning && !frame.hasLoop) {
          frame.checked = true;
          checked = frame.loopDepth - 1;
        }
        break;
      case OP.if:
      case OP.try:
        frame.joined = frame.joinedToo = UNREACHED;
        frame.held = checked;
        frame.heldToo = called;
        break;
      case OP.else:
        if (!frame.thenDead) branch(frame);
        checked = frame.held;
        called = frame.heldToo;
        break;
      case OP.catch:
      case OP.catchAll:
        if (!body.target[item]) branch(frame);
        checked = frame.loopDepth;
        called = frame.heldToo;
        break;
      case OP.end:
      case OP.delegate: {
        if (frame.kind === FRAME.function) break;
        let leastChecked = frame.endDead ? UNREACHED : checked;
        let leastCalled = frame.endDead ? UNREACHED : called;
        let depth = frame.loopDepth;
        if (frame.kind === FRAME.loop) {
          depth--;
          if (frame.hasHandler) frame.mustCall = frame.turning;
          if (frame.caught) frame.checked = true;
        } else {
          leastChecked = Math.min(leastChecked, frame.joined);
          leastCalled = Math.min(leastCalled, frame.joinedToo);
          if (frame.kind === FRAME.if && frame.elseItem < 0) {
            leastChecked = Math.min(leastChecked, frame.held);
            leastCalled = Math.min(leastCalled, frame.heldToo);
          }
        }
        checked = frame.caught ? depth : Math.min(leastChecked, depth);
        called = Math.min(leastCalled, depth);
        break;
      }
      case OP.br:
      case OP.brIf:
      case OP.brOnNull:
      case OP.brOnNonNull:
      case GC_ITEM + GC.brOnCast:
      case GC_ITEM + GC.brOnCastFail:
        branch(body.frameAt(body.target[item]!));
        break;
      case OP.brTable: {
        const place = body.target[item]!;
        for (let left = body.targets[place]!; left > 0; left--) branch(body.frameAt(body.targets[place + left]!));
        break;
      }
      case OP.call:
      case OP.callIndirect:
      case OP.callRef:
        called = frame.loopDepth;
        break;
      default:
        if (looksAtFuel(op)) checked = frame.loopDepth;
    }
  }
}

/** Instructions that are charged by size. */
export function costsBySize(op: number): boolean {
  return op === OP.memoryGrow || (op >= GC_ITEM && op < GC_ITEM + GC.brOnCast) || (op >= BULK_ITEM && op !== PAUSE);
}

/** Those of them whose charge comes with a look at the fuel. */
export function looksAtFuel(op: number): boolean {
  return costsBySize(op) && op !== BULK_ITEM + BULK.memoryCopy && op !== BULK_ITEM + BULK.memoryFill;
}
