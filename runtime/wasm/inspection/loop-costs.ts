import { GC } from '../format/gc-opcodes.ts';
import type { DecodedModule } from '../format/module.ts';
import { OP } from '../format/opcodes.ts';
import { WasmRefused } from '../format/refused.ts';
import { Body, GC_ITEM } from '../fuel/body.ts';
import { BodyDecoder } from '../fuel/decode-body.ts';
import { FRAME, type Frame } from '../fuel/frames.ts';
import { costsBySize } from '../fuel/loops.ts';

/** What one turn of a loop that holds no other loop costs. */
export interface LoopCost {
  /** Index of the function it is in, imported functions counted first. */
  readonly function: number;
  /** Byte offset of the loop in the module. */
  readonly offset: number;
  /** Loops around it in its function, itself included. */
  readonly depth: number;
  /** Fuel of the cheapest and the dearest way round, without what the functions it calls burn. */
  readonly least: number;
  readonly most: number;
  /** Calls among its instructions. */
  readonly calls: number;
  /** It fills, copies, initialises or grows, which costs by size on top. */
  readonly bySize: boolean;
}

/** A path that is not there. */
const NONE: Span = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
type Span = readonly [least: number, most: number];

/** Every loop that holds no other loop and can turn, as far as the rewriter can read the module. */
export function loopCosts(module: DecodedModule): LoopCost[] {
  const body = new Body();
  const decoder = new BodyDecoder(module, body, new Int32Array(module.functionTypes.length));
  const loops: LoopCost[] = [];
  for (let defined = 0; defined < module.bodies.length / 2; defined++) {
    try {
      decoder.decode(defined);
    } catch (error) {
      if (!(error instanceof WasmRefused)) throw error;
      continue;
    }
    for (let index = 0; index < body.frameCount; index++) {
      const frame = body.frameAt(index);
      if (frame.kind !== FRAME.loop || frame.hasLoop || !frame.hasBackEdge) continue;
      const turn = new Turn(body, index);
      loops.push({
        function: module.importedFunctions + defined,
        offset: body.start[frame.startItem]!,
        depth: frame.loopDepth,
        ...turn.walk(),
      });
    }
  }
  return loops;
}

/** Walks once through a loop's items with the cheapest and the dearest way to each. */
class Turn {
  readonly #body: Body;
  readonly #loop: number;
  readonly #joined = new Map<Frame, Span>();
  readonly #held = new Map<Frame, Span>();
  #now: Span = [0, 0];
  #turn: Span = NONE;

  constructor(body: Body, loop: number) {
    this.#body = body;
    this.#loop = loop;
  }

  walk(): Pick<LoopCost, 'least' | 'most' | 'calls' | 'bySize'> {
    const body = this.#body;
    const { startItem, endItem } = body.frameAt(this.#loop);
    let calls = 0;
    let bySize = false;
    for (let item = startItem + 1; item < endItem; item++) {
      const op = body.op[item]!;
      const cost = body.cost[item]!;
      this.#now = [this.#now[0] + cost, this.#now[1] + cost];
      if (op === OP.call || op === OP.callIndirect || op === OP.callRef) calls++;
      if (costsBySize(op)) bySize = true;
      this.#step(op, item, body.frameAt(body.frame[item]!));
    }
    const [least, most] = this.#turn;
    return { least, most, calls, bySize };
  }

  #step(op: number, item: number, frame: Frame): void {
    const { target } = this.#body;
    switch (op) {
      case OP.if:
      case OP.try:
      case OP.tryTable:
        this.#held.set(frame, this.#now);
        if (op === OP.tryTable) this.#branchAll(target[item]!);
        return;
      case OP.else:
        this.#join(frame, this.#now);
        this.#now = this.#held.get(frame) ?? NONE;
        return;
      case OP.catch:
      case OP.catchAll:
        this.#join(frame, this.#now);
        this.#now = this.#held.get(frame) ?? NONE;
        return;
      case OP.end:
      case OP.delegate:
        this.#end(frame);
        return;
      case OP.brIf:
      case OP.brOnNull:
      case OP.brOnNonNull:
      case GC_ITEM + GC.brOnCast:
      case GC_ITEM + GC.brOnCastFail:
        this.#branch(target[item]!);
        return;
      case OP.br:
        this.#branch(target[item]!);
        this.#now = NONE;
        return;
      case OP.brTable:
        this.#branchAll(target[item]!);
        this.#now = NONE;
        return;
      case OP.return:
      case OP.throw:
      case OP.rethrow:
      case OP.throwRef:
      case OP.returnCall:
      case OP.returnCallIndirect:
      case OP.returnCallRef:
      case OP.unreachable:
        this.#now = NONE;
    }
  }

  #end(frame: Frame): void {
    if (frame.kind === FRAME.loop) return;
    if (frame.kind === FRAME.if && frame.elseItem < 0) this.#join(frame, this.#held.get(frame) ?? NONE);
    this.#now = either(this.#now, this.#joined.get(frame) ?? NONE);
  }

  #branchAll(place: number): void {
    const { targets } = this.#body;
    for (let left = targets[place]!; left > 0; left--) this.#branch(targets[place + left]!);
  }

  /** Branches outwards leave the loop; inner loops, which cannot turn, count as passed through. */
  #branch(target: number): void {
    if (target === this.#loop) this.#turn = either(this.#turn, this.#now);
    else if (target > this.#loop) this.#join(this.#body.frameAt(target), this.#now);
  }

  #join(frame: Frame, span: Span): void {
    this.#joined.set(frame, either(this.#joined.get(frame) ?? NONE, span));
  }
}

function either(a: Span, b: Span): Span {
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}
