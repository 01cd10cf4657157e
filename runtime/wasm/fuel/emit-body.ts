import { MAX_BODY_BYTES } from '../format/engine-limits.ts';
import { GC } from '../format/gc-opcodes.ts';
import type { DecodedModule } from '../format/module.ts';
import { OP } from '../format/opcodes.ts';
import { Reader } from '../format/reader.ts';
import { WasmRefused } from '../format/refused.ts';
import { readValueType } from '../format/value-types.ts';
import { Writer } from '../format/writer.ts';
import { emitArray } from './array-charges.ts';
import { type Body, BULK_ITEM, GC_ITEM, PAUSE } from './body.ts';
import { carriedTypes } from './carried-types.ts';
import type { OpenLoop, StrippedLoop } from './counted-loop.ts';
import { CATCH_ALL } from './dead-code.ts';
import { emitBulk } from './dynamic-charges.ts';
import { FRAME, type Frame } from './frames.ts';
import { type Counter, FuelCode, type Injected } from './fuel-code.ts';
import { emitOpenEnd, emitOpenHead, emitOpenTurn } from './open-loops.ts';
import { counterOf, leavesRegion } from './regions.ts';
import { emitCondition, emitStripEnd, emitStripHead, emitStripRefund, emitStripTurn } from './strip-mining.ts';

const EMPTY_BLOCK = 0x40;

/** Writes bodies with their charges and checks in place. */
export class BodyEmitter {
  readonly #module: DecodedModule;
  readonly #injected: Injected;
  readonly #body: Body;
  readonly #code: Writer = new Writer(1 << 16);
  readonly #header: Writer = new Writer(256);
  readonly #fuel: FuelCode;
  /** Labels open in the output. */
  #open = 0;

  constructor(module: DecodedModule, body: Body, injected: Injected) {
    this.#module = module;
    this.#body = body;
    this.#injected = injected;
    this.#fuel = new FuelCode(this.#code, injected);
  }

  /** Appends the body, size first, to `out`; answers its branch hints: offset from the body's start, then the hint. */
  emit(entryCharge: number, isRecursive: boolean, out: Writer): number[] {
    const body = this.#body;
    this.#code.clear();
    this.#fuel.begin(body.localCount, isRecursive);
    this.#open = 1;
    const whole = body.frameAt(0);
    whole.depth = 0;
    if (whole.region === 0) this.#fuel.reload();
    this.#charge(entryCharge, counterOf(whole), -1);
    let copied = body.codeStart;
    for (let item = 0; item < body.length; item++) {
      this.#code.copy(this.#module.bytes, copied, this.#countingAt(item) ?? body.start[item]!);
      this.#emitItem(item);
      copied = body.end[item]!;
    }
    this.#writeHeader();
    const size = this.#header.length + this.#code.length;
    if (size > MAX_BODY_BYTES) throw new WasmRefused('a function body too large once it counts fuel', body.bodyStart);
    out.u32(size);
    out.raw(this.#header.view());
    out.raw(this.#code.view());
    const hints = this.#fuel.hints.slice();
    for (let at = 0; at < hints.length; at += 2) hints[at]! += this.#header.length;
    return hints;
  }

  #emitItem(item: number): void {
    const body = this.#body;
    const op = body.op[item]!;
    const index = body.frame[item]!;
    const frame = body.frameAt(index);
    const counter = counterOf(frame);
    if (body.check[item]) this.#fuel.check(op === OP.loop ? counterOf(body.frameAt(frame.parent)) : counter);
    switch (op) {
      case OP.block:
      case OP.try:
        this.#copy(item);
        frame.depth = this.#open++;
        break;
      case OP.if:
        this.#copy(item);
        frame.depth = this.#open++;
        if (this.#openAround(frame)?.head === item || this.#beginsStrip(item, frame)) return;
        break;
      case OP.loop:
        this.#emitLoop(item, index, frame);
        return;
      case OP.tryTable:
        this.#emitTryTable(item);
        frame.depth = this.#open++;
        break;
      case OP.else:
        this.#code.byte(OP.else);
        break;
      case OP.catch:
      case OP.catchAll:
        this.#copy(item);
        break;
      case OP.end:
        this.#emitEnd(item, index, frame);
        return;
      case OP.delegate:
        this.#open--;
        this.#fuel.label(op, this.#label(body.frameAt(body.target[item]!).depth));
        break;
      case OP.throw:
        if (counter === 'local') this.#fuel.spill();
        this.#fuel.label(op, body.target[item]!);
        return;
      case OP.rethrow:
        if (counter === 'local') this.#fuel.spill();
        this.#fuel.label(op, this.#label(body.frameAt(body.target[item]!).depth));
        return;
      case OP.br:
        this.#emitTurnOrBranch(item, frame);
        return;
      case OP.brIf:
        this.#emitBranchIf(item, frame);
        if (this.#beginsStrip(item, frame)) return;
        break;
      case OP.brOnNull:
      case OP.brOnNonNull: {
        const to = body.frameAt(body.target[item]!);
        if (leavesRegion(frame, body.target[item]!)) this.#fuel.spill();
        this.#fuel.label(op, this.#label(to.wrapped ? to.wrapperDepth : to.depth));
        break;
      }
      case GC_ITEM + GC.brOnCast:
      case GC_ITEM + GC.brOnCastFail: {
        const to = body.frameAt(body.target[item]!);
        if (leavesRegion(frame, body.target[item]!)) this.#fuel.spill();
        this.#emitCastBranch(item, this.#label(to.wrapped ? to.wrapperDepth : to.depth));
        break;
      }
      case OP.brTable:
        this.#emitBranchTable(item, frame);
        return;
      case OP.return:
      case OP.throwRef:
      case OP.unreachable:
        if (counter === 'local') this.#fuel.spill();
        this.#code.byte(op);
        return;
      case OP.returnCall:
        if (counter === 'local') this.#fuel.spill();
        this.#fuel.label(op, body.target[item]!);
        return;
      case OP.returnCallRef:
        if (counter === 'local') this.#fuel.spill();
        this.#fuel.label(op, body.target[item]!);
        return;
      case OP.returnCallIndirect:
        if (counter === 'local') this.#fuel.spill();
        this.#fuel.label(op, body.targets[body.target[item]!]!);
        this.#code.u32(body.targets[body.target[item]! + 1]!);
        return;
      case OP.call:
      case OP.callIndirect:
      case OP.callRef:
        if (counter === 'local') this.#fuel.spill();
        this.#copy(item);
        if (counter === 'local') this.#fuel.reload();
        break;
      case PAUSE:
        break;
      default:
        this.#emitSized(item, op, counter);
    }
    this.#charge(body.charge[item]!, counter, item);
  }

  /** A checked loop gets a wrapper that refuels, so that no call lies in the inner loop. */
  #emitLoop(item: number, index: number, frame: Frame): void {
    const fuel = this.#fuel;
    const counter = counterOf(frame);
    const charge = this.#body.charge[item]!;
    if (frame.region === index) fuel.reload();
    if (frame.counted && frame.counted.form !== 'behind') {
      this.#copy(item);
      frame.depth = this.#open++;
      fuel.check(counter);
      return;
    }
    if (frame.open) {
      this.#copy(item);
      frame.depth = this.#open++;
      fuel.check(counter);
      emitOpenHead(frame.open, fuel, this.#code);
      this.#open++;
      return;
    }
    if (frame.checked && !frame.mustCall) {
      frame.wrapped = true;
      this.#copy(item);
      frame.wrapperDepth = this.#open++;
      fuel.check(counter);
      if (frame.counted) emitStripHead(frame.counted, fuel, this.#code);
    }
    this.#copy(item);
    frame.depth = this.#open++;
    if (frame.counted) return;
    if (frame.checked && frame.mustCall) {
      fuel.chargeAndCheck(charge, counter);
      this.#body.check[item + 1] = 0;
    } else this.#charge(charge, counter, item);
  }

  #emitEnd(item: number, index: number, frame: Frame): void {
    if (frame.kind === FRAME.function) {
      if (frame.region === 0 && !frame.endDead) this.#fuel.spill();
      this.#code.byte(OP.end);
      return;
    }
    if (frame.elseCharge !== 0) {
      this.#code.byte(OP.else);
      this.#fuel.charge(frame.elseCharge, counterOf(frame));
    }
    if (frame.open) {
      emitOpenEnd(frame.open, this.#fuel, this.#code);
      this.#open--;
    }
    this.#code.byte(OP.end);
    this.#open--;
    if (frame.wrapped) {
      if (frame.counted) {
        emitCondition(frame.counted, this.#fuel, this.#code);
        this.#fuel.label(OP.brIf, 0);
      }
      this.#code.byte(OP.end);
      this.#open--;
    }
    if (frame.region === index && !frame.endDead) this.#fuel.spill();
    this.#charge(this.#body.charge[item]!, counterOf(this.#body.frameAt(frame.parent)), item);
  }

  /** Behind the question of a counted loop: charges for the next turns, which an inner loop makes. */
  #beginsStrip(item: number, frame: Frame): boolean {
    const counted = this.#countedAround(frame);
    if (counted?.head !== item || counted.form === 'behind') return false;
    emitStripHead(counted, this.#fuel, this.#code);
    this.#code.raw([OP.loop, EMPTY_BLOCK]);
    this.#open++;
    return true;
  }

  #emitTurnOrBranch(item: number, frame: Frame): void {
    const counted = this.#countedAround(frame);
    const target = this.#body.target[item]!;
    const open = this.#openAround(frame);
    if (open?.item === item)
      emitOpenTurn(open, this.#label(this.#body.frameAt(target).depth + 1), this.#fuel, this.#code);
    if (counted?.item === item) {
      emitStripEnd(counted, this.#fuel, this.#code);
      this.#open--;
    } else if (counted && target < frame.loop) emitStripRefund(counted, this.#fuel, this.#code);
    this.#emitBranch(frame, target);
  }

  #openAround(frame: Frame): OpenLoop | undefined {
    return frame.loop < 0 ? undefined : this.#body.frameAt(frame.loop).open;
  }

  #countedAround(frame: Frame): StrippedLoop | undefined {
    return frame.loop < 0 ? undefined : this.#body.frameAt(frame.loop).counted;
  }

  #emitBranch(frame: Frame, target: number): void {
    const to = this.#body.frameAt(target);
    if (leavesRegion(frame, target)) this.#fuel.spill();
    if (to.wrapped) this.#fuel.turn(this.#label(to.depth), this.#label(to.wrapperDepth));
    else this.#fuel.label(OP.br, this.#label(to.depth));
  }

  #emitBranchIf(item: number, frame: Frame): void {
    const target = this.#body.target[item]!;
    const to = this.#body.frameAt(target);
    const charge = this.#body.takenCharge[item]!;
    const around = this.#countedAround(frame);
    if (around?.item === item) {
      emitStripTurn(around, this.#label(to.depth), this.#fuel, this.#code);
      return;
    }
    const refund = around && around.head !== item && target < frame.loop ? around : undefined;
    if (!refund && !to.wrapped && charge === 0 && !leavesRegion(frame, target)) {
      this.#fuel.label(OP.brIf, this.#label(to.depth));
      return;
    }
    const carried = carriedTypes(to, this.#module.types, this.#body.bodyStart);
    this.#code.byte(OP.if);
    if (carried.length === 0) this.#code.byte(EMPTY_BLOCK);
    else this.#code.s32(this.#module.types.indexOf(carried, carried));
    this.#open++;
    this.#fuel.charge(charge, counterOf(frame));
    if (refund) emitStripRefund(refund, this.#fuel, this.#code);
    this.#emitBranch(frame, target);
    this.#code.byte(OP.end);
    this.#open--;
  }

  #emitBranchTable(item: number, frame: Frame): void {
    const body = this.#body;
    const place = body.target[item]!;
    const count = body.targets[place]!;
    for (let at = 1; at <= count; at++) {
      if (!leavesRegion(frame, body.targets[place + at]!)) continue;
      this.#fuel.spill();
      break;
    }
    this.#fuel.label(OP.brTable, count - 1);
    for (let at = 1; at <= count; at++) {
      const to = body.frameAt(body.targets[place + at]!);
      this.#code.u32(this.#label(to.wrapped ? to.wrapperDepth : to.depth));
    }
  }

  #emitTryTable(item: number): void {
    const body = this.#body;
    const { bytes } = this.#module;
    const reader = new Reader(bytes, body.start[item]! + 1, body.end[item]!);
    if (bytes[reader.offset]! > 0x40 && bytes[reader.offset]! < 0x80) readValueType(reader);
    else reader.s33();
    this.#code.copy(bytes, body.start[item]!, reader.offset);
    const place = body.target[item]!;
    const count = reader.u32();
    this.#code.u32(count);
    for (let at = 1; at <= count; at++) {
      const kind = reader.byte();
      this.#code.byte(kind);
      if (kind < CATCH_ALL) this.#code.u32(reader.u32());
      reader.u32();
      this.#code.u32(this.#label(body.frameAt(body.targets[place + at]!).depth));
    }
  }

  /** Charges behind an item, with the look that is due before the next one. */
  #charge(fuel: number, counter: Counter, item: number): void {
    if (fuel !== 0 && this.#body.check[item + 1]) {
      this.#body.check[item + 1] = 0;
      this.#fuel.chargeAndCheck(fuel, counter);
    } else this.#fuel.charge(fuel, counter);
  }

  /** Where the copied part of the run before a counted loop's branch ends; its counting is written anew. */
  #countingAt(item: number): number | undefined {
    const frame = this.#body.frameAt(this.#body.frame[item]!);
    return frame.counted?.item === item && frame.counted.form === 'behind' ? frame.counted.cut : undefined;
  }

  #label(depth: number): number {
    return this.#open - 1 - depth;
  }

  /** An instruction that costs by size. */
  #emitSized(item: number, op: number, counter: Counter): void {
    const { start, end } = this.#body;
    const operands = new Reader(this.#module.bytes, start[item]! + 1, end[item]!);
    const site = { op, counter, operands, copy: (): void => this.#copy(item) };
    if (op === OP.memoryGrow || op >= BULK_ITEM) emitBulk(site, this.#fuel, this.#code, this.#module, this.#injected);
    else emitArray(site, this.#fuel, this.#code, this.#module.types, this.#injected);
  }

  /** Its label is all that changes. */
  #emitCastBranch(item: number, label: number): void {
    const { bytes } = this.#module;
    const { start, end } = this.#body;
    const reader = new Reader(bytes, start[item]! + 1, end[item]!);
    reader.u32();
    reader.skip(1);
    this.#code.copy(bytes, start[item]!, reader.offset);
    this.#code.u32(label);
    reader.u32();
    this.#code.copy(bytes, reader.offset, end[item]!);
  }

  #copy(item: number): void {
    this.#code.copy(this.#module.bytes, this.#body.start[item]!, this.#body.end[item]!);
  }

  /** The body's own local groups, and one more for those added. */
  #writeHeader(): void {
    const { bodyStart, codeStart } = this.#body;
    const bytes = this.#module.bytes;
    this.#header.clear();
    const added = this.#fuel.addedLocals;
    if (added.length === 0) {
      this.#header.copy(bytes, bodyStart, codeStart);
      return;
    }
    const reader = new Reader(bytes, bodyStart, codeStart);
    const groups = added.reduce((sum, type, at) => sum + (type === added[at - 1] ? 0 : 1), 0);
    this.#header.u32(reader.u32() + groups);
    this.#header.copy(bytes, reader.offset, codeStart);
    for (let at = 0, end = 1; at < added.length; at = end++) {
      while (added[end] === added[at]) end++;
      this.#header.u32(end - at);
      this.#header.byte(added[at]!);
    }
  }
}
