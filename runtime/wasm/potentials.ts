import type { Body } from './body.ts';
import { FRAME } from './frames.ts';
import { OP } from './opcodes.ts';

/** A charge is cut when it would pay for more than this at once. */
const SEGMENT_FUEL = 65_536;

/**
 * Places the charges of a body so that every finishing run pays exactly the sum of its instructions' weights, with as few
 * charges as can be. Walks backwards with P, the fuel already paid for what follows; where paths with different P meet, the
 * edge that needs more pays the difference. What was paid for code that an exception skips is lost. Answers P at the function's entry.
 */
export function placeCharges(body: Body): number {
  let prepaid = 0;
  for (let item = body.length - 1; item >= 0; item--) {
    const frame = body.frameAt(body.frame[item]!);
    const op = body.op[item]!;
    switch (op) {
      case OP.end:
      case OP.delegate:
        if (frame.kind === FRAME.function) {
          prepaid = 0;
        } else if (frame.kind === FRAME.loop) {
          const after = frame.endDead && frame.exit >= 0 ? body.frameAt(frame.exit).prepaid : prepaid;
          frame.prepaid = frame.cut ? 0 : after;
        } else {
          if (frame.cut) {
            body.charge[item] = prepaid;
            prepaid = 0;
          }
          frame.prepaid = prepaid;
          frame.prepaidElse = prepaid;
        }
        break;
      case OP.catch:
      case OP.catchAll:
        body.charge[item] = prepaid;
        prepaid = frame.prepaid;
        break;
      case OP.else:
        frame.prepaidElse = prepaid;
        prepaid = frame.prepaid;
        break;
      case OP.if: {
        const least = frame.elseItem < 0 ? frame.prepaidElse : Math.min(prepaid, frame.prepaidElse);
        body.charge[item] = prepaid - least;
        if (frame.elseItem >= 0) body.charge[frame.elseItem] = frame.prepaidElse - least;
        prepaid = least;
        break;
      }
      case OP.loop:
        body.charge[item] = prepaid - frame.prepaid;
        prepaid = frame.prepaid;
        break;
      case OP.br:
        prepaid = body.frameAt(body.target[item]!).prepaid;
        break;
      case OP.brIf: {
        const target = body.frameAt(body.target[item]!);
        const leavesLoop = body.target[item]! < frame.loop;
        if (leavesLoop) {
          body.takenCharge[item] = target.prepaid - prepaid;
        } else {
          body.charge[item] = prepaid - target.prepaid;
          prepaid = target.prepaid;
        }
        break;
      }
      case OP.brOnNull:
      case OP.brOnNonNull:
        body.charge[item] = prepaid;
        prepaid = 0;
        break;
      case OP.returnCallRef:
      case OP.brTable:
      case OP.return:
      case OP.throw:
      case OP.rethrow:
      case OP.throwRef:
      case OP.returnCall:
      case OP.returnCallIndirect:
      case OP.unreachable:
        prepaid = 0;
        break;
      default:
        if (prepaid > SEGMENT_FUEL) {
          body.charge[item] = prepaid;
          prepaid = 0;
        }
    }
    prepaid += body.cost[item]!;
  }
  return prepaid;
}
