import type { DecodedModule } from '../format/module.ts';
import { Writer } from '../format/writer.ts';
import { Body } from './body.ts';
import { readCallGraph, visitCalleesFirst } from './call-order.ts';
import { placeChecks, UNKNOWN } from './checks.ts';
import { BodyDecoder } from './decode-body.ts';
import { BodyEmitter } from './emit-body.ts';
import type { Injected } from './fuel-code.ts';
import { classifyLoops } from './loops.ts';
import { placeCharges } from './potentials.ts';
import { assignRegions } from './regions.ts';
import type { Rounding } from './rounding.ts';
import { findSmallLeaves, NO_LEAF } from './small-leaves.ts';
import { findStrippedLoops } from './strip-loops.ts';

/** What callers pay for a callee at most; without a bound it would double at every level of a call chain. */
const MOST_PREPAID = 4096;

/** All bodies with fuel counted, in code order. */
export interface MeteredCode {
  /** Sized bodies; body i is `bytes[ranges[2i], ranges[2i + 1])`. */
  readonly bytes: Uint8Array;
  readonly ranges: Int32Array;
  /** Branch hints of each body. */
  readonly hints: readonly (readonly number[])[];
  readonly changesTables: boolean;
  readonly dropsSegments: boolean;
  readonly makesObjects: boolean;
}

/** Counts fuel in every body. Callees come first, so that callers can pay a callee's entry along with the call. */
export function meterBodies(module: DecodedModule, injected: Injected, rounding: Rounding): MeteredCode {
  const { importedFunctions, functionTypes, taken } = module;
  const count = module.bodies.length / 2;
  const body = new Body();
  const prepaid = new Int32Array(functionTypes.length);
  const reach = new Int32Array(functionTypes.length).fill(UNKNOWN);
  const fixed = new Uint8Array(count);
  const recursive = new Uint8Array(count);
  const decoder = new BodyDecoder(module, body, prepaid);
  const emitter = new BodyEmitter(module, body, injected);
  const out = new Writer(module.bytes.length + 1024);
  const ranges = new Int32Array(2 * count);
  const hints: number[][] = new Array<number[]>(count);

  const graph = readCallGraph(module, decoder, body, rounding.leaf);
  const leaves = findSmallLeaves(module, graph.leaves, graph.readsReferences);
  decoder.payFor(leaves);
  const prepay = (index: number, fuel: number): void => {
    if (fixed[index]) return;
    fixed[index] = 1;
    if (!taken.has(importedFunctions + index))
      prepaid[importedFunctions + index] = Math.max(0, fuel <= MOST_PREPAID ? fuel : graph.prefix[index]!);
  };

  for (let index = 0; index < count; index++) {
    const leaf = leaves.fuel[importedFunctions + index]!;
    if (leaf === NO_LEAF) continue;
    fixed[index] = 1;
    prepaid[importedFunctions + index] = leaf;
    reach[importedFunctions + index] = 0;
  }
  const write = (index: number, entryCharge: number): void => {
    ranges[2 * index] = out.length;
    hints[index] = emitter.emit(entryCharge, recursive[index] === 1, out);
    ranges[2 * index + 1] = out.length;
  };

  visitCalleesFirst(
    graph,
    (index) => {
      decoder.decode(index);
      if (leaves.fuel[importedFunctions + index] !== NO_LEAF) {
        write(index, 0);
        return;
      }
      const entry = placeCharges(body, module.bytes, rounding);
      classifyLoops(body);
      assignRegions(body);
      findStrippedLoops(body, module.bytes);
      prepay(index, entry);
      const entryCharge = entry - prepaid[importedFunctions + index]!;
      reach[importedFunctions + index] = placeChecks(body, entryCharge, reach);
      write(index, entryCharge);
    },
    (index) => {
      recursive[index] = 1;
      if (fixed[index]) return;
      decoder.decode(index);
      prepay(index, placeCharges(body, module.bytes, rounding));
    },
  );
  const { changesTables, dropsSegments, makesObjects } = graph;
  return { bytes: out.view(), ranges, hints, changesTables, dropsSegments, makesObjects };
}
