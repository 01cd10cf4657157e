import type { Limits } from '../format/limits.ts';
import type { DecodedModule } from '../format/module.ts';
import { SECTION } from '../format/sections.ts';
import { featuresUsed } from './features-used.ts';
import { functionNames } from './function-names.ts';
import { type LoopCost, loopCosts } from './loop-costs.ts';

/** What can be read off a module without running it. */
export interface Inspection {
  /** Proposals beyond WebAssembly 1.0, by name. */
  readonly features: readonly string[];
  readonly functions: number;
  readonly codeBytes: number;
  readonly dataBytes: number;
  readonly customBytes: number;
  /** Tables that the module defines, in entries. */
  readonly tables: readonly Limits[];
  /** Loops that hold no other loop, the likely hottest first: deeper nests, then dearer turns. */
  readonly loops: readonly (LoopCost & { readonly name: string })[];
}

/** Reports on at most `mostLoops` loops. Never throws for what it cannot read: it leaves that out. */
export function inspect(module: DecodedModule, mostLoops: number): Inspection {
  const nameOf = functionNames(module);
  const bytesOf = (wanted: number): number =>
    module.sections.reduce((sum, { id, start, end }) => (id === wanted ? sum + end - start : sum), 0);
  return {
    features: featuresUsed(module),
    functions: module.bodies.length / 2,
    codeBytes: bytesOf(SECTION.code),
    dataBytes: bytesOf(SECTION.data),
    customBytes: bytesOf(SECTION.custom),
    tables: module.tables.map(({ type }) => type.limits),
    loops: loopCosts(module)
      .sort((a, b) => b.depth - a.depth || b.most - a.most || a.offset - b.offset)
      .slice(0, mostLoops)
      .map((loop) => ({ ...loop, name: nameOf(loop.function) })),
  };
}
