import { GC } from '../format/gc-opcodes.ts';
import { OP } from '../format/opcodes.ts';
import { type Body, GC_ITEM } from './body.ts';
import { payConstantLoop } from './constant-loops.ts';
import { FRAME, type Frame } from './frames.ts';
import { findLoopExits } from './loop-exits.ts';
import { DOOMED, OUTSIDE, Parting } from './parting.ts';
import type { Rounding } from './rounding.ts';

/** A charge is cut when it would pay for more than this at once. */
const SEGMENT_FUEL = 65_536;

/**
 * Places the charges of a body so that every finishing run pays the sum of its instructions' weights, with as few charges as
 * can be. Walks backwards with P, the fuel already paid for what follows; where ways with different P part, they are settled
 * as `Parting` says. What was paid for code that an exception skips is lost. Answers P at the function's entry.
 *
 * What leads up to a loop's main exit is known only behind the loop's header, so that a body may take a second walk.
 */
export function placeCharges(body: Body, bytes: Uint8Array, { slack }: Rounding): number {
  findLoopExits(body);
  const walk = new Walk(body, bytes, slack);
  const entry = walk.run();
  return walk.moved ? new Walk(body, bytes, slack).run() : entry;
}

class Walk {
  /** Some loop's way to its main exit is dearer or cheaper than was taken for granted. */
  moved = false;
  readonly #body: Body;
  readonly #bytes: Uint8Array;
  readonly #parting = new Parting();
  #paid = 0;
  #reach = OUTSIDE;
  readonly #slack: number;
  /** The first item behind here that is not level. */
  #uneven = Number.POSITIVE_INFINITY;

  constructor(body: Body, bytes: Uint8Array, slack: number) {
    this.#slack = slack;
    this.#body = body;
    this.#bytes = bytes;
  }

  run(): number {
    const body = this.#body;
    for (let item = body.length - 1; item >= 0; item--) {
      body.charge[item] = 0;
      body.takenCharge[item] = 0;
      if (!this.#level(item, body.frameAt(body.frame[item]!))) this.#uneven = item;
      this.#paid += body.cost[item]!;
    }
    return this.#paid;
  }

  /** Passes an item; whether it is level: a block's beginning or end, or ways that part and all cost the same up to where they meet. */
  #level(item: number, frame: Frame): boolean {
    const body = this.#body;
    const { charge } = body;
    switch (body.op[item]) {
      case OP.block:
        if (this.#paid > SEGMENT_FUEL) break;
        return true;
      case OP.end:
        this.#end(item, frame);
        return !frame.cut && (frame.kind === FRAME.block || frame.kind === FRAME.if);
      case OP.else:
        frame.prepaidElse = this.#paid;
        frame.reachElse = this.#reach;
        this.#land(frame);
        return !frame.cut;
      case OP.if: {
        const fits = Math.abs(this.#paid - frame.prepaidElse) <= this.#slack;
        if (!fits || frame.cut || this.#uneven < frame.endItem) break;
        charge[item] = 0;
        frame.elseCharge = 0;
        this.#paid = Math.max(this.#paid, frame.prepaidElse);
        return true;
      }
      case OP.brIf: {
        const target = body.frameAt(body.target[item]!);
        const skipped = this.#paid - target.prepaid;
        const fits = skipped >= 0 && skipped <= this.#slack;
        if (!fits || target !== frame || frame.kind !== FRAME.block || this.#uneven < frame.endItem) break;
        return true;
      }
    }
    this.#pass(item, frame);
    return false;
  }

  #pass(item: number, frame: Frame): void {
    const body = this.#body;
    switch (body.op[item]) {
      case OP.delegate:
        this.#end(item, frame);
        return;
      case OP.catch:
      case OP.catchAll:
        body.charge[item] = this.#paid;
        this.#land(frame);
        return;
      case OP.if:
        this.#if(item, frame);
        return;
      case OP.loop:
        this.#loop(item, frame);
        return;
      case OP.br:
        this.#land(body.frameAt(body.target[item]!));
        return;
      case OP.brIf:
        this.#branchIf(item, frame, body.frameAt(body.target[item]!));
        return;
      case OP.brOnNull:
      case OP.brOnNonNull:
      case GC_ITEM + GC.brOnCast:
      case GC_ITEM + GC.brOnCastFail:
        body.charge[item] = this.#paid;
        this.#cut(frame.loop);
        return;
      case OP.brTable:
        this.#cut(frame.loop);
        return;
      case OP.unreachable:
        this.#cut(DOOMED);
        return;
      case OP.return:
      case OP.throw:
      case OP.rethrow:
      case OP.throwRef:
      case OP.returnCall:
      case OP.returnCallIndirect:
      case OP.returnCallRef:
        this.#cut(OUTSIDE);
        return;
      default:
        if (this.#paid <= SEGMENT_FUEL) return;
        body.charge[item] = this.#paid;
        this.#paid = 0;
    }
  }

  #cut(reach: number): void {
    this.#paid = 0;
    this.#reach = reach;
  }

  #land(frame: Frame): void {
    this.#paid = frame.prepaid;
    this.#reach = frame.reach;
  }

  #end(item: number, frame: Frame): void {
    const body = this.#body;
    if (frame.kind === FRAME.function) {
      this.#cut(OUTSIDE);
      return;
    }
    if (frame.kind === FRAME.loop) {
      const index = body.frame[item]!;
      const exit = frame.exitItem >= 0 ? frame.exitTo : frame.endDead ? frame.exit : index;
      frame.exitPaid = exit === index || exit < 0 ? this.#paid : body.frameAt(exit).prepaid;
      frame.prepaid = frame.cut ? 0 : frame.exitPaid + frame.exitFuel;
      frame.reach = index;
      return;
    }
    if (frame.cut) {
      body.charge[item] = this.#paid;
      this.#paid = 0;
    }
    frame.prepaid = frame.prepaidElse = this.#paid;
    frame.reach = frame.reachElse = this.#reach;
  }

  #loop(item: number, frame: Frame): void {
    const body = this.#body;
    const index = body.frame[item]!;
    if (frame.exitItem >= 0 && !frame.cut) {
      const exitFuel = this.#paid - frame.exitPaid;
      this.moved ||= exitFuel !== frame.exitFuel;
      frame.exitFuel = exitFuel;
    }
    body.charge[item] = this.#paid - frame.prepaid;
    const constant = payConstantLoop(body, this.#bytes, index, this.#paid);
    this.#paid = constant ?? frame.prepaid;
    this.#reach = body.frameAt(frame.parent).loop;
  }

  #if(item: number, frame: Frame): void {
    const { charge } = this.#body;
    const parting = this.#parting;
    parting.settle(this.#paid, this.#reach, frame.prepaidElse, frame.reachElse, frame.loop, this.#exitAt(item, frame));
    charge[item] = parting.first;
    if (frame.elseItem >= 0) charge[frame.elseItem] = parting.second;
    else frame.elseCharge = parting.second;
    this.#paid = parting.paid;
    this.#reach = Math.max(this.#reach, frame.reachElse);
  }

  #branchIf(item: number, frame: Frame, target: Frame): void {
    const body = this.#body;
    const parting = this.#parting;
    parting.settle(target.prepaid, target.reach, this.#paid, this.#reach, frame.loop, this.#exitAt(item, frame));
    const behind = this.#paid;
    this.#paid = parting.paid;
    body.takenCharge[item] = parting.first;
    body.charge[item] = parting.second;
    const alike = target.reach < frame.loop === this.#reach < frame.loop;
    if (alike && parting.first > 0 && target.reach !== DOOMED) {
      body.takenCharge[item] = 0;
      body.charge[item] = behind - target.prepaid;
      this.#paid = target.prepaid;
    }
    this.#reach = Math.max(this.#reach, target.reach);
  }

  #exitAt(item: number, frame: Frame): 'main exit' | 'elsewhere' {
    return frame.loop >= 0 && this.#body.frameAt(frame.loop).exitItem === item ? 'main exit' : 'elsewhere';
  }
}
