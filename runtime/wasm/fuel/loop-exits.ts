import { OP } from '../format/opcodes.ts';
import type { Body } from './body.ts';
import { FRAME } from './frames.ts';

/** Blocks around a branch that are looked through for its loop. */
const MOST_BLOCKS = 4;

/**
 * Notes for every loop the first branch out that all its turns come by: a br_if to outside, or an `if` around all that turns.
 * Such a loop's turns can be charged behind it, and what leads up to it along with what comes before the loop.
 */
export function findLoopExits(body: Body): void {
  for (let item = 0; item < body.length; item++) {
    const op = body.op[item]!;
    if (op === OP.brIf) {
      const frame = body.frameAt(body.frame[item]!);
      const target = body.target[item]!;
      if (target < frame.loop && passedByAll(body, item)) noteExit(body, frame.loop, item, target);
    } else if (op === OP.end) {
      const index = body.frame[item]!;
      if (body.frameAt(index).kind !== FRAME.loop || body.op[item - 1] !== OP.end) continue;
      const inner = body.frameAt(body.frame[item - 1]!);
      const adjacent = body.end[item - 1] === body.start[item];
      if (inner.kind === FRAME.if && inner.elseItem < 0 && inner.endDead && inner.parent === index && adjacent)
        noteExit(body, index, inner.startItem, index);
    }
  }
}

function noteExit(body: Body, loop: number, item: number, to: number): void {
  const frame = body.frameAt(loop);
  if (frame.exitItem >= 0) return;
  frame.exitItem = item;
  frame.exitTo = to;
  if (item === frame.startItem + 1) frame.exitFuel = body.cost[item]!;
}

/** In no frame but blocks up to its loop. */
function passedByAll(body: Body, item: number): boolean {
  let index = body.frame[item]!;
  for (let left = MOST_BLOCKS; left > 0; left--) {
    const { kind, parent } = body.frameAt(index);
    if (kind === FRAME.loop) return true;
    if (kind !== FRAME.block) return false;
    index = parent;
  }
  return false;
}
