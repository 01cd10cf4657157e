import { Frame } from './frames.ts';

/**
 * Codes of items that are no one-byte opcode: a bulk or a garbage collection instruction (plus its second opcode), and a
 * place to charge. Plain instructions are no items, so their opcodes are free for these.
 */
export const BULK_ITEM = 0xe0;
export const GC_ITEM = 0x90;
export const PAUSE = 0xff;

/**
 * A function body as its control structure: an item per instruction that branches, calls, opens or closes a frame or costs
 * by size, in live code only; what lies between two items is a run of plain instructions. Reused for every body.
 */
export class Body {
  length = 0;
  /** Opcode, or BULK_ITEM plus a second opcode, or PAUSE. */
  op: Uint8Array = new Uint8Array(1024);
  /** The item's bytes, with the dead code behind it. */
  start: Int32Array = new Int32Array(1024);
  end: Int32Array = new Int32Array(1024);
  /** Fuel of the run before it and of itself. */
  cost: Int32Array = new Int32Array(1024);
  frame: Int32Array = new Int32Array(1024);
  /**
   * Frame of a branch, function of a call, place in `targets` of a br_table, try_table or indirect tail call; tag of a
   * throw; 1 for a catch behind an arm that does not fall out.
   */
  target: Int32Array = new Int32Array(1024);
  /** Fuel to charge behind it, and on the taken edge of a br_if. */
  charge: Int32Array = new Int32Array(1024);
  takenCharge: Int32Array = new Int32Array(1024);
  /** 1: look at the fuel before it. */
  check: Uint8Array = new Uint8Array(1024);

  frameCount = 0;
  readonly #frames: Frame[] = [];
  /** Of a br_table or try_table: a count, then frames. Of an indirect tail call: type, table. */
  targets: Int32Array = new Int32Array(256);
  targetsLength = 0;

  /** First byte of code, after the local declarations. */
  codeStart = 0;
  bodyStart = 0;
  bodyEnd = 0;
  typeIndex = 0;
  localCount = 0;
  /** Cost of what every run of the body begins with. */
  prefix = 0;
  changesTables = false;
  /** Takes references to functions by name or out of tables. */
  readsReferences = false;
  dropsSegments = false;
  /** Makes objects on the engine's heap, exceptions included. */
  makesObjects = false;

  clear(): void {
    this.length = 0;
    this.frameCount = 0;
    this.targetsLength = 0;
    this.readsReferences = false;
    this.changesTables = false;
    this.dropsSegments = false;
    this.makesObjects = false;
  }

  add(op: number, start: number, cost: number, frame: number): number {
    const item = this.length++;
    if (item === this.op.length) this.#grow();
    this.op[item] = op;
    this.start[item] = start;
    this.end[item] = start;
    this.cost[item] = cost;
    this.frame[item] = frame;
    this.target[item] = -1;
    this.charge[item] = 0;
    this.takenCharge[item] = 0;
    this.check[item] = 0;
    return item;
  }

  openFrame(kind: number, startItem: number, parent: number, blockType: number): number {
    const index = this.frameCount++;
    let frame = this.#frames[index];
    if (frame === undefined) {
      frame = new Frame();
      this.#frames.push(frame);
    }
    frame.reset(kind, startItem, parent, blockType);
    return index;
  }

  frameAt(index: number): Frame {
    return this.#frames[index]!;
  }

  addTarget(value: number): void {
    if (this.targetsLength === this.targets.length) this.targets = doubled(this.targets);
    this.targets[this.targetsLength++] = value;
  }

  #grow(): void {
    const size = this.op.length * 2;
    this.op = bytesOf(this.op, size);
    this.check = bytesOf(this.check, size);
    this.start = doubled(this.start);
    this.end = doubled(this.end);
    this.cost = doubled(this.cost);
    this.frame = doubled(this.frame);
    this.target = doubled(this.target);
    this.charge = doubled(this.charge);
    this.takenCharge = doubled(this.takenCharge);
  }
}

function doubled(values: Int32Array): Int32Array {
  const grown = new Int32Array(values.length * 2);
  grown.set(values);
  return grown;
}

function bytesOf(values: Uint8Array, size: number): Uint8Array {
  const grown = new Uint8Array(size);
  grown.set(values);
  return grown;
}
