import { Builder } from './builder.ts';
import { f32, f64, s, section, sized, text, u, vector } from './bytes.ts';
import { GRAMMAR, writeFunction } from './grammar.ts';
import { type Features, Plan, type PlannedGlobal, type PlannedMemory, type PlannedTable } from './plan.ts';
import { heapTypeBytes, isReference, typeBytes, type ValueType } from './types.ts';

/**
 * A valid module from a seed, twice: as it is, and counting what it runs in its exports `count`, in fuel, and `thrown`, in
 * exceptions.
 */
export interface RandomModule {
  readonly seed: number;
  readonly features: Features;
  readonly plain: Uint8Array;
  readonly counted: Uint8Array;
  readonly importedMemory: PlannedMemory | undefined;
  readonly tags: number;
  /** Exported functions in order. */
  readonly functions: readonly { readonly name: string; readonly params: readonly ValueType[] }[];
}

const END = 0x0b;
const HOST = 'host';
export const STEPS = 300;

export function createRandomModule(seed: number): RandomModule {
  const plan = new Plan(seed);
  const bodies = plan.functions.map((_, index) => {
    const builder = new Builder(plan, index, GRAMMAR);
    writeFunction(builder);
    return { locals: builder.locals(), code: builder.code };
  });
  const write = (which: 'plain' | 'counted'): Uint8Array =>
    assemble(
      plan,
      which,
      section(
        10,
        bodies.map(({ locals, code }) => sized([...locals, ...code[which]])),
      ),
    );
  return {
    seed,
    features: plan.features,
    plain: write('plain'),
    counted: write('counted'),
    importedMemory: plan.memories.find(({ imported }) => imported),
    tags: plan.tags.length,
    functions: plan.functions.flatMap(({ exported, signature }, index) =>
      exported ? [{ name: `f${index}`, params: signature.params }] : [],
    ),
  };
}

function assemble(plan: Plan, which: 'plain' | 'counted', code: readonly number[]): Uint8Array {
  const { imports, functions, memories, tables, globals, tags } = plan;
  const taken = plan.taken.map((index) => imports.length + index);
  const startIndex =
    imports.length + functions.findIndex(({ signature: { params, results } }) => params.length + results.length === 0);
  const counters = which === 'counted' ? ['count', 'thrown'] : [];
  const defined = memories.filter(({ imported }) => !imported);
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, plan.types),
    ...section(2, [
      ...imports.map((signature, index) => [...text(HOST), ...text(`f${index}`), 0, ...u(plan.typeOf(signature))]),
      ...memories
        .filter(({ imported }) => imported)
        .map((memory) => [...text(HOST), ...text('memory'), 2, ...limits(memory)]),
      ...globals
        .slice(0, 2)
        .map(({ name, type, mutable }) => [...text(HOST), ...text(name), 3, ...typeBytes(type), mutable ? 1 : 0]),
    ]),
    ...section(
      3,
      functions.map(({ type }) => u(type)),
    ),
    ...section(
      4,
      tables.map((table) => tableBytes(plan, table)),
    ),
    ...section(5, defined.map(limits)),
    ...section(
      13,
      tags.map((signature) => [0, ...u(plan.typeOf(signature))]),
    ),
    ...section(6, [
      ...globals.slice(2).map((global) => globalBytes(plan, global)),
      ...counters.map(() => [...typeBytes('i64'), 1, 0x42, 0, END]),
    ]),
    ...section(7, [
      ...functions.flatMap(({ exported }, index) =>
        exported ? [[...text(`f${index}`), 0, ...u(imports.length + index)]] : [],
      ),
      ...tables.slice(0, 2).map((_, index) => [...text(`t${index}`), 1, index]),
      ...memories.map((_, index) => [...text(`m${index}`), 2, index]),
      ...globals.flatMap(({ name }, index) => (name === '' ? [] : [[...text(name), 3, ...u(index)]])),
      ...tags.map((_, index) => [...text(`e${index}`), 4, index]),
      ...counters.map((name, index) => [...text(name), 3, ...u(globals.length + index)]),
    ]),
    ...(plan.start && startIndex >= imports.length ? [8, ...sized(u(startIndex))] : []),
    ...section(9, [
      [0, 0x41, 0, END, ...vector(Array.from({ length: tables[0]!.min }, (_, slot) => u(taken[slot % taken.length]!)))],
      [1, 0, ...vector(taken.slice(0, 2).map(u))],
      [3, 0, ...vector(taken.map(u))],
      ...(tables[2]
        ? [[6, 2, 0x41, 0, END, ...typeBytes(tables[2].type), ...vector([[0xd2, ...u(taken[0]!), END]])]]
        : []),
    ]),
    ...[12, 1, 2],
    ...code,
    ...section(11, [
      [1, ...text('passive bytes')],
      [
        0,
        ...(memories[0]!.address === 'i64' ? [0x42, ...s(100)] : offset(plan)),
        END,
        ...text('isola counts what it runs'),
      ],
    ]),
  ]);
}

function limits({ address, min, max }: PlannedMemory): number[] {
  const wide = address === 'i64' ? 4 : 0;
  return max === undefined ? [wide, ...u(min)] : [wide | 1, ...u(min), ...u(max)];
}

function tableBytes({ imports }: Plan, { type, min, max, filledWith }: PlannedTable): number[] {
  const bytes = [...typeBytes(type), 1, ...u(min), ...u(max)];
  return filledWith === undefined ? bytes : [0x40, 0, ...bytes, 0xd2, ...u(imports.length + filledWith), END];
}

/** Of the active data: by the imported global, with extended constants computed from it. */
function offset({ features }: Plan): number[] {
  return features.extendedConstants ? [0x23, 0, 0x41, ...s(20), 0x6a, 0x41, 2, 0x6c] : [0x23, 0];
}

function globalBytes(plan: Plan, { name, type, mutable }: PlannedGlobal): number[] {
  const head = [...typeBytes(type), mutable ? 1 : 0];
  if (name === 'steps') return [...head, 0x41, ...s(STEPS), END];
  if (name === 'fixed') return [...head, ...offset(plan), END];
  if (type === 'funcref') return [...head, 0xd2, ...u(plan.imports.length), END];
  if (isReference(type)) return [...head, 0xd0, ...heapTypeBytes(type), END];
  if (type === 'v128') return [...head, 0xfd, 0x0c, ...Array.from({ length: 16 }, (_, at) => at), END];
  const value = { i32: [0x41, 5], i64: [0x42, ...s(-5)], f32: [0x43, ...f32(0.5)], f64: [0x44, ...f64(-0.5)] };
  return [...head, ...value[type as 'i32'], END];
}
