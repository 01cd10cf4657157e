import { s, u } from './bytes.ts';
import { Code } from './code.ts';
import type { Plan } from './plan.ts';
import type { Random } from './random.ts';
import { heapTypeBytes, isReference, type Signature, typeBytes, type ValueType } from './types.ts';
import { FREE } from './weights.ts';

export interface Label {
  readonly kind: 'block' | 'loop' | 'function' | 'counted' | 'catch';
  /** What a branch to it carries. */
  readonly types: readonly ValueType[];
}

/** The productions: each writes code that leaves the one value, or nothing. */
export interface Grammar {
  readonly value: (builder: Builder, type: ValueType, depth: number) => undefined;
  readonly statement: (builder: Builder, depth: number) => undefined;
}

const SCRATCH: readonly ValueType[] = ['i32', 'i32', 'i64', 'f32', 'f64', 'v128', 'i32', 'i64'];

/** A function while it is written: its locals, its open labels, and how much may still be written. */
export class Builder {
  readonly plan: Plan;
  readonly random: Random;
  readonly signature: Signature;
  readonly leaf: boolean;
  readonly code: Code;
  readonly labels: Label[];
  readonly #locals: ValueType[];
  readonly #params: number;
  readonly #grammar: Grammar;
  room: number;
  /** Counters of the loops around, which nothing else may write. */
  readonly frozen: Set<number> = new Set();
  /** Loops around that end by counting alone. */
  countedLoops = 0;

  constructor(plan: Plan, index: number, grammar: Grammar) {
    const { signature, leaf } = plan.functions[index]!;
    this.plan = plan;
    this.random = plan.random;
    this.signature = signature;
    this.leaf = leaf;
    this.#grammar = grammar;
    this.#params = signature.params.length;
    this.#locals = [...signature.params, ...SCRATCH];
    if (plan.features.handlers === 'tables') this.#locals.push('exnref');
    if (plan.heap) this.#locals.push(`null:${plan.heap.node}`, `null:${plan.heap.longs}`);
    const sizes = this.#params + SCRATCH.length - 2;
    this.code = new Code({ global: plan.globals.length, sizeLocal: sizes, wideSizeLocal: sizes + 1 });
    this.labels = [{ kind: 'function', types: signature.results }];
    this.room = leaf ? 10 + this.random.below(30) : 60 + this.random.below(250);
  }

  op(opcode: number | readonly number[], cost = 1): undefined {
    this.room--;
    return this.code.op(typeof opcode === 'number' ? [opcode] : opcode, cost);
  }

  indexed(opcode: number, index: number): undefined {
    return this.op([opcode, ...u(index)]);
  }

  value(type: ValueType, depth: number): undefined {
    return this.#grammar.value(this, type, depth);
  }

  values(types: readonly ValueType[], depth: number): undefined {
    for (const type of types) this.value(type, depth);
  }

  statements(count: number, depth: number): undefined {
    for (let left = count; left > 0; left--) this.#grammar.statement(this, depth);
  }

  drop(types: readonly ValueType[]): undefined {
    for (const _ of types) this.op(0x1a);
  }

  i32(value: number): undefined {
    return this.op([0x41, ...s(value)]);
  }

  zero(type: ValueType): undefined {
    if (isReference(type)) return this.op([0xd0, ...heapTypeBytes(type)]);
    const size = { i32: 1, i64: 1, f32: 4, f64: 8, v128: 16 }[type as 'i32'];
    const code = { i32: [0x41], i64: [0x42], f32: [0x43], f64: [0x44], v128: [0xfd, 0x0c] }[type as 'i32'];
    return this.op([...code, ...new Array<number>(size).fill(0)]);
  }

  /** A local of this type that the body may write now, if there is one; the last two of SCRATCH belong to the counting. */
  local(type: ValueType, except?: number): number | undefined {
    const kept = this.#params + SCRATCH.length - 2;
    const free = (index: number): boolean =>
      (index < kept || index > kept + 1) && index !== except && !this.frozen.has(index);
    const all = this.#locals.flatMap((at, index) => (at === type && free(index) ? [index] : []));
    return all.length > 0 ? this.random.pick(all) : undefined;
  }

  global(type: ValueType): number | undefined {
    const all = this.plan.globals.flatMap((at, index) =>
      at.type === type && at.mutable && at.name !== 'steps' ? [index] : [],
    );
    return all.length > 0 ? this.random.pick(all) : undefined;
  }

  globalNamed(name: string): number {
    return this.plan.globals.findIndex((global) => global.name === name);
  }

  /** Writes a structured instruction around what `fill` writes. */
  inside(
    opcode: number,
    signature: Signature,
    label: Label,
    fill: () => undefined,
    head: readonly number[] = [],
  ): undefined {
    this.#open(opcode, signature, label, fill, head);
    return this.op(0x0b, FREE);
  }

  /** A legacy try that hands what is thrown to a label, counted from outside of it. */
  delegated(opcode: number, signature: Signature, fill: () => undefined, distance: number): undefined {
    this.#open(opcode, signature, { kind: 'block', types: signature.results }, fill, []);
    return this.op([0x18, ...u(distance)], FREE);
  }

  /** The relative depth of a label. */
  depthOf(label: Label): number {
    return this.labels.length - 1 - this.labels.indexOf(label);
  }

  #open(opcode: number, signature: Signature, label: Label, fill: () => undefined, head: readonly number[]): undefined {
    const block = this.plan.blockType(signature);
    const bytes = 'type' in block ? s(block.type) : block.results ? typeBytes(block.results) : [0x40];
    this.op([opcode, ...bytes, ...head], opcode === 0x04 ? 1 : FREE);
    this.labels.push(label);
    fill();
    this.labels.pop();
  }

  locals(): number[] {
    const own = this.#locals.slice(this.#params);
    return [...u(own.length), ...own.flatMap((type) => [1, ...typeBytes(type)])];
  }
}
