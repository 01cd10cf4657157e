import { OP } from '../format/opcodes.ts';
import { TYPE } from '../format/value-types.ts';
import type { Writer } from '../format/writer.ts';
import type { AddedStubs } from '../stubs/added-stubs.ts';

/** Indices that injected code uses; all lie behind the guest's own. */
export interface Injected {
  readonly fuelGlobal: number;
  /** Set to 1 when a memory.grow was refused. */
  readonly growFailedGlobal: number;
  /** Pages that all memories may have together; there when there are several. */
  readonly pageLimitGlobal: number;
  /** Bytes of the array about to be made; there when the module makes objects. */
  readonly pendingGlobal: number;
  readonly refuelTable: number;
  /** () -> (): refuels the global. */
  readonly refuel: number;
  /** (i32) -> i32: refuels a counter kept in a local. */
  readonly refuelLocal: number;
  readonly addedStubs: AddedStubs;
}

/** Where the counter is at some place of a body. */
export type Counter = 'local' | 'global';

const EMPTY_BLOCK = 0x40;
const UNLIKELY = 0;
const LIKELY = 1;

/** The sequences that count and look, written into a body. Locals are added when first used. */
export class FuelCode {
  readonly #out: Writer;
  readonly #injected: Injected;
  #isRecursive = false;
  #firstLocal = 0;
  #counterLocal = -1;
  #sizeLocal = -1;
  #goalLocal = -1;
  #wideSizeLocal = -1;
  readonly #added: number[] = [];
  /**
   * Branch hints: offset in the code written, then the hint. Only for looks in loops and recursion, which are many: the engine
   * reads hints one by one whenever it compiles, and elsewhere they gain nothing.
   */
  readonly hints: number[] = [];

  constructor(out: Writer, injected: Injected) {
    this.#out = out;
    this.#injected = injected;
  }

  begin(localCount: number, isRecursive: boolean): void {
    this.#isRecursive = isRecursive;
    this.#firstLocal = localCount;
    this.#counterLocal = -1;
    this.#sizeLocal = -1;
    this.#goalLocal = -1;
    this.#wideSizeLocal = -1;
    this.#added.length = 0;
    this.hints.length = 0;
  }

  /** Types of the locals added to the body. */
  get addedLocals(): readonly number[] {
    return this.#added;
  }

  /** Scratch. */
  get size(): number {
    if (this.#sizeLocal < 0) this.#sizeLocal = this.#add(TYPE.i32);
    return this.#sizeLocal;
  }

  /** Scratch for an i64. */
  get wideSize(): number {
    if (this.#wideSizeLocal < 0) this.#wideSizeLocal = this.#add(TYPE.i64);
    return this.#wideSizeLocal;
  }

  /** Where a counted loop's index stops for the next charge. */
  get goal(): number {
    if (this.#goalLocal < 0) this.#goalLocal = this.#add(TYPE.i32);
    return this.#goalLocal;
  }

  charge(fuel: number, counter: Counter): void {
    if (fuel === 0) return;
    this.get(counter);
    this.constant(fuel);
    this.#out.byte(OP.i32Sub);
    this.set(counter);
  }

  /** A dynamic amount, which `amount` leaves on the stack. */
  chargeBy(amount: () => void, counter: Counter): void {
    this.get(counter);
    amount();
    this.#out.byte(OP.i32Sub);
    this.set(counter);
  }

  chargeAndCheck(fuel: number, counter: Counter): void {
    if (fuel === 0) {
      this.check(counter);
      return;
    }
    this.get(counter);
    this.constant(fuel);
    this.#out.byte(OP.i32Sub);
    this.#local(OP.localTee, this.#counter);
    if (counter === 'global') {
      this.set('global');
      this.#local(OP.localGet, this.#counter);
    }
    this.#refuelBelowZero(counter);
  }

  check(counter: Counter): void {
    this.get(counter);
    this.#refuelBelowZero(counter);
  }

  /** Turns the inner loop again while there is fuel, else leaves for the wrapper, which refuels. */
  turn(innerLabel: number, wrapperLabel: number): void {
    this.get('local');
    this.constant(0);
    this.#out.byte(OP.i32GeS);
    this.hint(LIKELY);
    this.label(OP.brIf, innerLabel);
    this.label(OP.br, wrapperLabel);
  }

  /** The global takes over from the local: before calls and where a region ends. */
  spill(): void {
    this.get('local');
    this.set('global');
  }

  /** The local takes over from the global: after calls and where a region begins. */
  reload(): void {
    this.get('global');
    this.set('local');
  }

  get(counter: Counter): void {
    if (counter === 'local') this.#local(OP.localGet, this.#counter);
    else this.#local(OP.globalGet, this.#injected.fuelGlobal);
  }

  set(counter: Counter): void {
    if (counter === 'local') this.#local(OP.localSet, this.#counter);
    else this.#local(OP.globalSet, this.#injected.fuelGlobal);
  }

  constant(value: number): void {
    this.#out.byte(OP.i32Const);
    this.#out.s32(value);
  }

  label(op: number, depth: number): void {
    this.#local(op, depth);
  }

  hint(likely: number): void {
    this.hints.push(this.#out.length, likely);
  }

  unlikelyIf(): void {
    this.hint(UNLIKELY);
    this.#out.byte(OP.if);
  }

  get #counter(): number {
    if (this.#counterLocal < 0) this.#counterLocal = this.#add(TYPE.i32);
    return this.#counterLocal;
  }

  #add(type: number): number {
    return this.#firstLocal + this.#added.push(type) - 1;
  }

  #refuelBelowZero(counter: Counter): void {
    this.constant(0);
    this.#out.byte(OP.i32LtS);
    if (counter === 'local' || this.#isRecursive) this.hint(UNLIKELY);
    this.#out.byte(OP.if);
    this.#out.byte(EMPTY_BLOCK);
    if (counter === 'local') {
      this.get('local');
      this.#local(OP.call, this.#injected.refuelLocal);
      this.set('local');
    } else {
      this.#local(OP.call, this.#injected.refuel);
    }
    this.#out.byte(OP.end);
  }

  #local(op: number, index: number): void {
    this.#out.byte(op);
    this.#out.u32(index);
  }
}
