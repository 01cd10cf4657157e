import { GC, OBJECT_BYTES } from './gc-opcodes.ts';
import { IMM, readGcOpcode, refuseOpcode, simdImmediates, skipImmediates } from './immediates.ts';
import { OP } from './opcodes.ts';
import type { Reader } from './reader.ts';
import { WasmRefused } from './refused.ts';
import { storageShift, type TypeTable } from './type-table.ts';
import { readHeapType } from './value-types.ts';

/**
 * Steps over the initialisers of a module. Notes the functions they take references to, and the bytes of the objects
 * they make: those come about at instantiation, before any fuel is counted.
 */
export class Initialisers {
  readonly taken: Set<number> = new Set();
  /** Of all objects together; 0 when there is none. */
  objectBytes = 0;
  #functions: Set<number> = NONE;
  readonly #types: TypeTable;
  /** Values on the stack where they are known: an i32, else undefined. */
  readonly #stack: (number | undefined)[] = [];

  constructor(types: TypeTable) {
    this.#types = types;
  }

  /** Answers the functions that this one takes references to. */
  skip(reader: Reader): ReadonlySet<number> {
    this.#stack.length = 0;
    this.#functions = NONE;
    for (;;) {
      const at = reader.offset;
      const opcode = reader.byte();
      if (opcode === OP.end) return this.#functions;
      if (opcode === OP.gc) this.#skipGc(reader, at);
      else this.#skipOne(reader, opcode, at);
    }
  }

  #skipOne(reader: Reader, opcode: number, at: number): void {
    const stack = this.#stack;
    switch (opcode) {
      case OP.i32Const:
        stack.push(reader.s32());
        return;
      case OP.i64Const:
        reader.skipLeb(10);
        break;
      case OP.f32Const:
        reader.skip(4);
        break;
      case OP.f64Const:
        reader.skip(8);
        break;
      case OP.globalGet:
        reader.u32();
        break;
      case OP.refNull:
        readHeapType(reader);
        break;
      case OP.refFunc:
        this.#take(reader.u32());
        break;
      case OP.simd: {
        const kind = simdImmediates(reader);
        if (kind !== IMM.bytes16) throw new WasmRefused('an initialiser that is not constant', at);
        skipImmediates(reader, kind);
        break;
      }
      case OP.i32Add:
        this.#calculate((left, right) => left + right);
        return;
      case OP.i32Sub:
        this.#calculate((left, right) => left - right);
        return;
      case OP.i32Mul:
        this.#calculate(Math.imul);
        return;
      case OP.i64Add:
      case OP.i64Sub:
      case OP.i64Mul:
        this.#drop(2);
        break;
      default:
        refuseOpcode(opcode, at);
    }
    stack.push(undefined);
  }

  #skipGc(reader: Reader, at: number): void {
    const second = readGcOpcode(reader);
    switch (second) {
      case GC.structNew:
      case GC.structNewDefault: {
        const { fields, bytes } = this.#types.structAt(reader.u32(), at);
        if (second === GC.structNew) this.#drop(fields);
        this.#make(bytes);
        break;
      }
      case GC.arrayNew:
      case GC.arrayNewDefault: {
        const { element } = this.#types.arrayAt(reader.u32(), at);
        const length = this.#stack.pop();
        if (length === undefined) throw new WasmRefused('an initialiser with an array of unknown length', at);
        if (second === GC.arrayNew) this.#drop(1);
        this.#make((length >>> 0) * (1 << storageShift(element)));
        break;
      }
      case GC.arrayNewFixed: {
        const { element } = this.#types.arrayAt(reader.u32(), at);
        const length = reader.u32();
        this.#drop(length);
        this.#make(length * (1 << storageShift(element)));
        break;
      }
      case GC.refI31:
      case GC.anyConvertExtern:
      case GC.externConvertAny:
        this.#drop(1);
        break;
      default:
        throw new WasmRefused('an initialiser that is not constant', at);
    }
    this.#stack.push(undefined);
  }

  #take(index: number): void {
    this.taken.add(index);
    if (this.#functions === NONE) this.#functions = new Set();
    this.#functions.add(index);
  }

  #calculate(operate: (left: number, right: number) => number): void {
    const right = this.#stack.pop();
    const left = this.#stack.pop();
    this.#stack.push(left === undefined || right === undefined ? undefined : operate(left, right) | 0);
  }

  #drop(count: number): void {
    this.#stack.length = Math.max(0, this.#stack.length - count);
  }

  #make(bytes: number): void {
    this.objectBytes += OBJECT_BYTES + bytes;
  }
}

const NONE: Set<number> = new Set();
