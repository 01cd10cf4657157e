import { Random } from './random.ts';
import { NUMBERS, type Signature, signatureBytes, typeBytes, type ValueType } from './types.ts';

/** What a module may use beyond what every engine here has. */
export interface Features {
  readonly handlers: 'none' | 'legacy' | 'tables';
  readonly relaxedVectors: boolean;
  readonly manyMemories: boolean;
  readonly wideMemory: boolean;
  readonly extendedConstants: boolean;
  readonly typedReferences: boolean;
  readonly heap: boolean;
}

export interface PlannedMemory {
  readonly address: 'i32' | 'i64';
  readonly min: number;
  readonly max: number | undefined;
  readonly imported: boolean;
}

export interface PlannedTable {
  readonly type: ValueType;
  readonly min: number;
  readonly max: number;
  /** The function that every entry begins as. */
  readonly filledWith?: number;
}

export interface PlannedGlobal {
  readonly name: string;
  readonly type: ValueType;
  readonly mutable: boolean;
}

export interface PlannedFunction {
  readonly signature: Signature;
  readonly type: number;
  readonly exported: boolean;
  /** Only instructions in a row, or arms without a loop or a call. */
  readonly leaf: boolean;
  /** May be referred to: in tables, and by ref.func. The others are only ever called by their index. */
  readonly taken: boolean;
}

/** Types of garbage-collected objects, by index. */
export interface HeapTypes {
  /** (struct (field (mut i32) (mut i64) (mut (ref null node)))), open to subtypes. */
  readonly node: number;
  /** The same with one more i32. */
  readonly leaf: number;
  readonly bytes: number;
  readonly longs: number;
  readonly nodes: number;
}

/** Everything that a module declares, chosen by its seed before any body is written. */
export class Plan {
  readonly random: Random;
  readonly features: Features;
  readonly types: number[][] = [];
  readonly heap: HeapTypes | undefined;
  readonly imports: readonly Signature[];
  readonly functions: readonly PlannedFunction[];
  readonly memories: readonly PlannedMemory[];
  readonly tables: readonly PlannedTable[];
  readonly globals: readonly PlannedGlobal[];
  readonly tags: readonly Signature[];
  readonly start: boolean;
  /** Places of the functions that are taken. */
  readonly taken: readonly number[];
  readonly #typeIndices = new Map<string, number>();

  constructor(seed: number) {
    const random = new Random(seed);
    this.random = random;
    this.features = chooseFeatures(random);
    if (this.features.heap) this.heap = this.#declareHeap();
    this.imports = [
      { params: ['i32', 'i64'], results: [] },
      { params: ['i32'], results: ['i32'] },
    ];
    const types: readonly ValueType[] = this.heap ? [...NUMBERS, `null:${this.heap.node}`] : NUMBERS;
    const signatures = [
      ...random.list(2, () => ({ params: random.list(3, () => random.pick(types)), results: [random.pick(NUMBERS)] })),
      ...[0, 1, 2].map(() => ({
        params: random.list(4, () => random.pick(random.once(6) ? types : NUMBERS)),
        results: random.list(3, () => random.pick(NUMBERS)),
      })),
    ];
    this.functions = Array.from({ length: 3 + random.below(7) }, (_, index) => {
      const signature = random.pick(signatures);
      const exported = index === 0 || random.once(3);
      const crossable = signature.params.every((type) => !type.startsWith('null:'));
      return {
        signature,
        type: this.typeOf(signature),
        exported: exported && crossable,
        leaf: index > 0 && random.once(2),
        taken: index === 0 || random.once(3),
      };
    });
    this.taken = this.functions.flatMap(({ taken }, index) => (taken ? [index] : []));
    this.memories = chooseMemories(random, this.features);
    const first = this.functions[0]!.type;
    this.tables = [
      { type: 'funcref', min: 8, max: 8 + random.below(20) },
      { type: 'funcref', min: 3, max: 40 },
      ...(this.features.typedReferences
        ? [{ type: `null:${first}` as const, min: 4, max: 9, ...(random.once(2) ? { filledWith: 0 } : {}) }]
        : []),
    ];
    this.globals = [
      { name: 'base', type: 'i32', mutable: false },
      { name: 'outside', type: 'i64', mutable: true },
      { name: 'steps', type: 'i32', mutable: true },
      ...NUMBERS.map((type) => ({ name: `g_${type}`, type, mutable: true })),
      { name: '', type: 'v128', mutable: true },
      ...(random.once(2) ? [{ name: '', type: 'funcref' as const, mutable: true }] : []),
      { name: 'fixed', type: 'i32', mutable: false },
      ...(this.heap ? [{ name: '', type: `null:${this.heap.node}` as const, mutable: true }] : []),
    ];
    this.tags =
      this.features.handlers === 'none'
        ? []
        : [
            { params: [], results: [] },
            { params: ['i32'], results: [] },
            { params: ['i64', 'f64'], results: [] },
          ];
    for (const signature of [...this.imports, ...this.tags]) this.typeOf(signature);
    this.start = random.once(5);
  }

  /** Index of this function type, declared where it is not yet. */
  typeOf(signature: Signature): number {
    const key = `${signature.params.join()}>${signature.results.join()}`;
    const known = this.#typeIndices.get(key);
    if (known !== undefined) return known;
    const index = this.types.push(signatureBytes(signature)) - 1;
    this.#typeIndices.set(key, index);
    return index;
  }

  /** What follows block, loop, if and try. */
  blockType(signature: Signature): { readonly results: ValueType | undefined } | { readonly type: number } {
    const { params, results } = signature;
    return params.length > 0 || results.length > 1 ? { type: this.typeOf(signature) } : { results: results[0] };
  }

  #declareHeap(): HeapTypes {
    const mutable = (type: readonly number[]): number[] => [...type, 1];
    const node = typeBytes('null:0');
    const fields = [...mutable(typeBytes('i32')), ...mutable(typeBytes('i64')), ...mutable(node)];
    this.types.push([0x50, 0, 0x5f, 3, ...fields]);
    this.types.push([0x4f, 1, 0, 0x5f, 4, ...fields, ...mutable(typeBytes('i32'))]);
    this.types.push([0x5e, ...mutable([0x78])]);
    this.types.push([0x5e, ...mutable(typeBytes('i64'))]);
    this.types.push([0x5e, ...mutable(node)]);
    return { node: 0, leaf: 1, bytes: 2, longs: 3, nodes: 4 };
  }
}

function chooseFeatures(random: Random): Features {
  const newer = random.once(3);
  const sometimes = (): boolean => newer && random.once(2);
  const handlers = random.pick(['none', 'legacy', newer ? 'tables' : 'none'] as const);
  const relaxedVectors = sometimes();
  const manyMemories = sometimes();
  const wideMemory = newer && random.once(4);
  const extendedConstants = sometimes();
  const typedReferences = sometimes();
  const heap = newer && random.once(3);
  return { handlers, relaxedVectors, manyMemories, wideMemory, extendedConstants, typedReferences, heap };
}

function chooseMemories(random: Random, features: Features): PlannedMemory[] {
  const create = (imported: boolean): PlannedMemory => ({
    address: features.wideMemory && random.once(2) ? 'i64' : 'i32',
    min: 1 + random.below(2),
    max: random.once(8) ? undefined : 2 + random.below(3),
    imported,
  });
  const others = features.manyMemories ? [create(false), ...random.list(1, () => create(false))] : [];
  return [create(random.once(3)), ...others];
}
