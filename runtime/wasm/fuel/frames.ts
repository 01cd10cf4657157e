import { OP } from '../format/opcodes.ts';
import type { OpenLoop, StrippedLoop } from './counted-loop.ts';

/** Kinds of control frame. */
export const FRAME = { function: 0, block: 1, loop: 2, if: 3, try: 4 } as const;

/** Of what an opcode opens, where that is no block. */
export const FRAME_KIND: ReadonlyMap<number, number> = new Map([
  [OP.loop, FRAME.loop],
  [OP.if, FRAME.if],
  [OP.try, FRAME.try],
]);

/** One live control construct of a body, in order of its start; frame 0 is the function. */
export class Frame {
  kind = 0;
  /** Items that open it, part its arms, and close it; -1 when there is none. */
  startItem = -1;
  elseItem = -1;
  endItem = -1;
  parent = -1;
  /** Innermost loop this frame is in or is; -1 outside of loops. */
  loop = -1;
  /** Loops around it, itself included. */
  loopDepth = 0;
  /** -64 none, other negatives the complement of a value type, else a type index. */
  blockType = 0;
  /** Control does not fall out of the then-arm, or of the last arm. */
  thenDead = false;
  endDead = false;
  hasCall = false;
  /** A try or try_table is, or is inside of, it. */
  hasHandler = false;
  hasLoop = false;
  hasBackEdge = false;
  /** Target of a br_table, a br_on_null or a try_table, which have no place for charges on their edges. */
  cut = false;
  /** A try_table lands here. */
  caught = false;
  /** First frame that a branch out of this loop goes to; -1 when none does. */
  exit = -1;

  /** Fuel already charged where a branch to this frame lands, and at the start of its else-arm. */
  prepaid = 0;
  prepaidElse = 0;
  /** The innermost loop in which control may stay from there on, and from the else-arm. */
  reach = -1;
  reachElse = -1;
  /** Fuel to charge on the way past an `if` that has no else. */
  elseCharge = 0;

  /** A loop's main exit: its item, the frame it goes to (the loop itself to go on behind it), the fuel up to it and behind it. */
  exitItem = -1;
  exitTo = -1;
  exitFuel = 0;
  exitPaid = 0;
  /** How often a loop turns that is paid for as a whole; -1 when that is not known. */
  turns = -1;

  /** A loop that must look at the fuel itself, and one that does so in place: every turn calls, or a handler is inside. */
  checked = false;
  mustCall = false;
  /** Region whose counter is in a local: the frame that opened it; -1 when the counter is in the global. */
  region = -1;

  /** Set for a loop that is charged for many turns at once. */
  counted: StrippedLoop | undefined = undefined;
  /** Likewise, where nobody knows how often it turns. */
  open: OpenLoop | undefined = undefined;

  /** What forward passes carry to this frame's label, and from an if to its else. */
  joined = 0;
  joinedToo = 0;
  held = 0;
  heldToo = 0;

  /** Labels open around this frame in the output, and around its wrapper loop. */
  depth = 0;
  wrapperDepth = 0;
  wrapped = false;

  /** A loop that may turn often, as far as is known. */
  get turning(): boolean {
    return this.hasBackEdge && this.turns < 0;
  }

  reset(kind: number, startItem: number, parent: number, blockType: number): void {
    this.kind = kind;
    this.startItem = startItem;
    this.elseItem = -1;
    this.endItem = -1;
    this.parent = parent;
    this.loop = -1;
    this.loopDepth = 0;
    this.blockType = blockType;
    this.thenDead = false;
    this.endDead = false;
    this.hasCall = false;
    this.hasHandler = false;
    this.hasLoop = false;
    this.hasBackEdge = false;
    this.cut = false;
    this.caught = false;
    this.exit = -1;
    this.prepaid = 0;
    this.prepaidElse = 0;
    this.reach = -1;
    this.reachElse = -1;
    this.elseCharge = 0;
    this.exitItem = -1;
    this.exitTo = -1;
    this.exitFuel = 0;
    this.exitPaid = 0;
    this.turns = -1;
    this.checked = false;
    this.mustCall = false;
    this.region = -1;
    this.counted = undefined;
    this.open = undefined;
    this.depth = 0;
    this.wrapperDepth = 0;
    this.wrapped = false;
  }
}
