import { readBlockType } from '../format/block-type.ts';
import { MAX_GIVEN_BODY_BYTES, MAX_LOCALS, MAX_TABLE_TARGETS } from '../format/engine-limits.ts';
import { IMM, PLAIN, refuseOpcode, simdImmediates, skipImmediates } from '../format/immediates.ts';
import type { DecodedModule } from '../format/module.ts';
import { OP } from '../format/opcodes.ts';
import { instructionFuel, isCastBranch, isItem, noteEffects, readPrefixed, skipPrefixed } from '../format/prefixed.ts';
import { Reader } from '../format/reader.ts';
import { WasmRefused } from '../format/refused.ts';
import { type Body, PAUSE } from './body.ts';
import { assertCompilable } from './compile-cost.ts';
import { CATCH_ALL, skipDeadCode } from './dead-code.ts';
import { FRAME, FRAME_KIND } from './frames.ts';
import { readLocals } from './locals.ts';
import { NO_LEAF, type SmallLeaves } from './small-leaves.ts';

/** A run of plain instructions is broken after this much fuel, so that a charge stays small. */
const RUN_FUEL = 8192;

/** What an exception's value takes at most. */
const VALUE_BYTES = 64;

/** Decodes bodies into `body`. `prepay` is what a direct call of each function pays on its behalf. */
export class BodyDecoder {
  readonly #module: DecodedModule;
  readonly #reader: Reader;
  readonly #body: Body;
  readonly #prepay: Int32Array;
  readonly #stack: number[] = [];
  #leaves: SmallLeaves = { fuel: new Int32Array(), throughTable: new Int32Array() };
  #loop = -1;
  #inPrefix = true;

  constructor(module: DecodedModule, body: Body, prepay: Int32Array) {
    this.#module = module;
    this.#body = body;
    this.#prepay = prepay;
    this.#reader = new Reader(module.bytes, 0, 0);
  }

  /** From now on calls pay for these, and direct ones are plain instructions. */
  payFor(leaves: SmallLeaves): void {
    this.#leaves = leaves;
  }

  /** Decodes the body of the function with this index among those defined. */
  decode(defined: number): void {
    const { bodies, functionTypes, importedFunctions } = this.#module;
    const body = this.#body;
    const reader = this.#reader;
    reader.offset = body.bodyStart = bodies[2 * defined]!;
    reader.end = body.bodyEnd = bodies[2 * defined + 1]!;
    if (body.bodyEnd - body.bodyStart > MAX_GIVEN_BODY_BYTES)
      throw new WasmRefused(`a function body above ${MAX_GIVEN_BODY_BYTES} bytes`, body.bodyStart);
    body.clear();
    body.typeIndex = functionTypes[importedFunctions + defined]!;
    const { params } = this.#module.types.at(body.typeIndex, body.bodyStart);
    body.localCount = params.length + readLocals(reader, MAX_LOCALS - params.length);
    body.codeStart = reader.offset;
    body.prefix = 0;
    this.#inPrefix = true;
    this.#stack.length = 0;
    this.#loop = -1;
    this.#stack.push(body.openFrame(FRAME.function, -1, -1, body.typeIndex));
    this.#readCode();
    assertCompilable(body);
    if (!reader.done) throw new WasmRefused('code after the end of a function', reader.offset);
  }

  #readCode(): void {
    const reader = this.#reader;
    const body = this.#body;
    const immediates = PLAIN.immediates;
    const weights = PLAIN.weights;
    let fuel = 0;
    while (this.#stack.length > 0) {
      const at = reader.offset;
      const opcode = reader.byte();
      const kind = immediates[opcode]!;
      if (kind !== IMM.control) {
        if (kind === IMM.none) {
          fuel += weights[opcode]!;
          continue;
        }
        if (kind === IMM.index) {
          reader.u32();
          if (opcode === OP.refFunc || opcode === OP.tableGet) body.readsReferences = true;
          fuel += weights[opcode]!;
          continue;
        }
        if (kind === IMM.unknown) refuseOpcode(opcode, at);
        if (kind !== IMM.prefix) {
          skipImmediates(reader, kind);
          fuel += weights[opcode]!;
          continue;
        }
        if (fuel > RUN_FUEL) {
          this.#pause(at, fuel);
          fuel = 0;
        }
        fuel = this.#readPrefixed(opcode, at, fuel);
        continue;
      }
      if (opcode === OP.tableSet) {
        reader.u32();
        body.changesTables = true;
        fuel += weights[opcode]!;
        continue;
      }
      if (opcode === OP.call) {
        const leaf = this.#leafCalled();
        if (leaf !== NO_LEAF) {
          fuel += weights[opcode]! + leaf;
          continue;
        }
      }
      if (this.#inPrefix) {
        body.prefix += fuel + weights[opcode]!;
        this.#inPrefix = opcode === OP.block;
      }
      if (fuel > RUN_FUEL) {
        this.#pause(at, fuel);
        fuel = 0;
      }
      this.#readControl(opcode, at, fuel + weights[opcode]!);
      fuel = 0;
    }
  }

  #pause(at: number, fuel: number): void {
    this.#body.add(PAUSE, at, fuel, this.#top());
  }

  /** Reads an instruction after a prefix; answers the fuel of the run it ends up in. */
  #readPrefixed(opcode: number, at: number, before: number): number {
    const reader = this.#reader;
    const body = this.#body;
    if (opcode === OP.simd) {
      skipImmediates(reader, simdImmediates(reader));
      return before + 1;
    }
    const instruction = readPrefixed(opcode, reader);
    const fuel = before + instructionFuel(instruction, reader, this.#module.types);
    if (!isItem(instruction)) {
      skipPrefixed(instruction, reader);
      noteEffects(instruction, body);
      return fuel;
    }
    if (this.#inPrefix) body.prefix += before;
    this.#inPrefix = false;
    const item = body.add(instruction, at, fuel, this.#top());
    if (isCastBranch(instruction)) {
      const immediates = reader.offset;
      reader.skip(1);
      body.target[item] = this.#branch();
      body.frameAt(body.target[item]!).cut = true;
      reader.offset = immediates;
    }
    skipPrefixed(instruction, reader);
    noteEffects(instruction, body);
    body.end[item] = reader.offset;
    return 0;
  }

  #readControl(opcode: number, at: number, cost: number): void {
    const reader = this.#reader;
    const body = this.#body;
    const top = this.#top();
    const item = body.add(opcode, at, cost, top);
    switch (opcode) {
      case OP.block:
      case OP.loop:
      case OP.if:
      case OP.try:
      case OP.tryTable:
        this.#open(opcode, item, top);
        break;
      case OP.else:
        this.#else(item, at);
        break;
      case OP.catch:
      case OP.catchAll:
        this.#catch(opcode, item, at);
        break;
      case OP.end:
        this.#end(item);
        break;
      case OP.delegate:
        this.#end(item);
        body.target[item] = this.#frameOf(reader.u32(), at);
        break;
      case OP.br:
        body.target[item] = this.#branch();
        this.#dead(item);
        return;
      case OP.brIf:
        body.target[item] = this.#branch();
        break;
      case OP.brOnNull:
      case OP.brOnNonNull:
        body.target[item] = this.#branch();
        body.frameAt(body.target[item]!).cut = true;
        break;
      case OP.brTable:
        this.#branchTable(item);
        this.#dead(item);
        return;
      case OP.throw:
        this.#throw(item, at);
        this.#dead(item);
        return;
      case OP.rethrow:
        body.target[item] = this.#frameOf(reader.u32(), at);
        this.#dead(item);
        return;
      case OP.return:
      case OP.throwRef:
      case OP.unreachable:
        this.#dead(item);
        return;
      case OP.call:
        this.#callee(item, at);
        this.#noteCall();
        break;
      case OP.returnCall:
        this.#callee(item, at);
        this.#dead(item);
        return;
      case OP.callRef:
        this.#module.types.at(reader.u32(), at);
        this.#noteCall();
        break;
      case OP.returnCallRef:
        body.target[item] = reader.u32();
        this.#dead(item);
        return;
      case OP.callIndirect:
        this.#throughTable(item, at);
        reader.u32();
        this.#noteCall();
        break;
      case OP.returnCallIndirect:
        body.target[item] = body.targetsLength;
        body.addTarget(this.#throughTable(item, at));
        body.addTarget(reader.u32());
        this.#dead(item);
        return;
      case OP.memoryGrow:
        reader.u32();
        break;
      default:
        refuseOpcode(opcode, at);
    }
    body.end[item] = reader.offset;
  }

  #open(opcode: number, item: number, top: number): void {
    const body = this.#body;
    const blockType = readBlockType(this.#reader, this.#module.types);
    if (opcode === OP.tryTable) this.#catchClauses(item);
    const kind = FRAME_KIND.get(opcode) ?? FRAME.block;
    const index = body.openFrame(kind, item, top, blockType);
    const frame = body.frameAt(index);
    frame.loopDepth = body.frameAt(top).loopDepth;
    if (kind === FRAME.loop) {
      if (this.#loop >= 0) body.frameAt(this.#loop).hasLoop = true;
      this.#loop = index;
      frame.loopDepth++;
    }
    frame.loop = this.#loop;
    frame.hasHandler = opcode === OP.try || opcode === OP.tryTable;
    body.frame[item] = index;
    this.#stack.push(index);
  }

  #else(item: number, at: number): void {
    const frame = this.#body.frameAt(this.#top());
    if (frame.kind !== FRAME.if || frame.elseItem >= 0) throw new WasmRefused('an else without its if', at);
    frame.elseItem = item;
    frame.thenDead = frame.endDead;
    frame.endDead = false;
  }

  #catch(opcode: number, item: number, at: number): void {
    const frame = this.#body.frameAt(this.#top());
    if (frame.kind !== FRAME.try) throw new WasmRefused('a catch without its try', at);
    this.#body.target[item] = frame.endDead ? 1 : 0;
    frame.endDead = false;
    if (opcode === OP.catch) this.#reader.u32();
  }

  /** The clauses of a try_table; their labels count from outside of it. */
  #catchClauses(item: number): void {
    const reader = this.#reader;
    const body = this.#body;
    const count = reader.count('catch clauses');
    body.target[item] = body.targetsLength;
    body.addTarget(count);
    for (let left = count; left > 0; left--) {
      if (reader.byte() < CATCH_ALL) reader.u32();
      const target = this.#branch();
      body.frameAt(target).cut = true;
      body.frameAt(target).caught = true;
      body.addTarget(target);
    }
  }

  #end(item: number): void {
    const frame = this.#body.frameAt(this.#stack.pop()!);
    frame.endItem = item;
    if (frame.parent >= 0) {
      const parent = this.#body.frameAt(frame.parent);
      parent.hasCall ||= frame.hasCall;
      parent.hasHandler ||= frame.hasHandler;
      if (frame.kind === FRAME.loop) this.#loop = parent.loop;
    }
  }

  /** The exception's values are copied to the engine's heap. */
  #throw(item: number, at: number): void {
    const { tags, types } = this.#module;
    const tag = this.#reader.u32();
    const type = tags[tag];
    if (type === undefined) throw new WasmRefused(`tag ${tag} does not exist`, at);
    this.#body.makesObjects = true;
    this.#body.target[item] = tag;
    this.#body.cost[item]! += VALUE_BYTES * types.at(type, at).params.length;
  }

  /** A direct call pays its callee's entry. */
  #callee(item: number, at: number): void {
    const callee = this.#reader.u32();
    if (callee >= this.#module.functionTypes.length) throw new WasmRefused(`function ${callee} does not exist`, at);
    this.#body.target[item] = callee;
    this.#body.cost[item]! += this.#prepay[callee]!;
  }

  /** The type of a call through a table, which pays for the dearest leaf of it. */
  #throughTable(item: number, at: number): number {
    const type = this.#reader.u32();
    this.#module.types.at(type, at);
    this.#body.cost[item]! += this.#leaves.throughTable[type] ?? 0;
    return type;
  }

  /** Reads the callee where it is a small leaf, and answers its fuel. */
  #leafCalled(): number {
    const reader = this.#reader;
    const at = reader.offset;
    const leaf = this.#leaves.fuel[reader.u32()] ?? NO_LEAF;
    if (leaf === NO_LEAF) reader.offset = at;
    return leaf;
  }

  #noteCall(): void {
    this.#body.frameAt(this.#top()).hasCall = true;
  }

  /** Reads a label and notes what a live branch to it means for the loops around. */
  #branch(): number {
    const at = this.#reader.offset;
    const label = this.#reader.u32();
    const target = this.#frameOf(label, at);
    const frame = this.#body.frameAt(target);
    if (frame.kind === FRAME.loop) frame.hasBackEdge = true;
    if (this.#loop > target) {
      const loop = this.#body.frameAt(this.#loop);
      if (loop.exit < 0) loop.exit = target;
    }
    return target;
  }

  #frameOf(label: number, at: number): number {
    if (label >= this.#stack.length) throw new WasmRefused(`label ${label} does not exist`, at);
    return this.#stack[this.#stack.length - 1 - label]!;
  }

  #branchTable(item: number): void {
    const body = this.#body;
    const count = this.#reader.count('labels');
    if (body.targetsLength + count > MAX_TABLE_TARGETS)
      throw new WasmRefused(`br_tables of more than ${MAX_TABLE_TARGETS} labels in one function`, this.#reader.offset);
    body.target[item] = body.targetsLength;
    body.addTarget(count + 1);
    for (let left = count; left >= 0; left--) {
      const target = this.#branch();
      body.frameAt(target).cut = true;
      body.addTarget(target);
    }
  }

  /** Leaves out the code that cannot run, up to what closes the innermost frame or its arm. */
  #dead(item: number): void {
    this.#body.frameAt(this.#top()).endDead = true;
    this.#body.end[item] = skipDeadCode(this.#reader, this.#module.types);
  }

  #top(): number {
    return this.#stack[this.#stack.length - 1]!;
  }
}
