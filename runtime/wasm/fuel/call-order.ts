import type { DecodedModule } from '../format/module.ts';
import { OP } from '../format/opcodes.ts';
import type { Body } from './body.ts';
import type { BodyDecoder } from './decode-body.ts';
import { leafFuel } from './small-leaves.ts';

/** Direct calls of every defined function, and the fuel of what every run of each begins with. */
export interface CallGraph {
  /** Callees of function i are `callees[first[i], first[i + 1])`, as defined indices. */
  readonly callees: Int32Array;
  readonly first: Int32Array;
  readonly prefix: Int32Array;
  /** What a run of it costs at most, where that is little; see small-leaves. */
  readonly leaves: Int32Array;
  readonly readsReferences: boolean;
  /** Some code does. */
  readonly changesTables: boolean;
  readonly dropsSegments: boolean;
  /** Some code makes objects on the engine's heap. */
  readonly makesObjects: boolean;
}

export function readCallGraph(
  module: DecodedModule,
  decoder: BodyDecoder,
  body: Body,
  mostLeafFuel: number,
): CallGraph {
  const count = module.bodies.length / 2;
  const first = new Int32Array(count + 1);
  const prefix = new Int32Array(count);
  const leaves = new Int32Array(count);
  let readsReferences = false;
  let callees = new Int32Array(1024);
  let length = 0;
  let changesTables = false;
  let dropsSegments = false;
  let makesObjects = false;
  for (let index = 0; index < count; index++) {
    first[index] = length;
    decoder.decode(index);
    prefix[index] = body.prefix;
    leaves[index] = leafFuel(body, mostLeafFuel);
    readsReferences ||= body.readsReferences;
    changesTables ||= body.changesTables;
    dropsSegments ||= body.dropsSegments;
    makesObjects ||= body.makesObjects;
    for (let item = 0; item < body.length; item++) {
      if (body.op[item] !== OP.call && body.op[item] !== OP.returnCall) continue;
      const callee = body.target[item]! - module.importedFunctions;
      if (callee < 0) continue;
      if (length === callees.length) {
        const grown = new Int32Array(length * 2);
        grown.set(callees);
        callees = grown;
      }
      callees[length++] = callee;
    }
  }
  first[count] = length;
  return { callees, first, prefix, leaves, readsReferences, changesTables, dropsSegments, makesObjects };
}

/**
 * Visits every function after the functions it calls, as far as recursion allows. `onCycle` hears of a function that is
 * called while it is still being visited, before any of its callers is finished.
 */
export function visitCalleesFirst(
  graph: CallGraph,
  visit: (index: number) => void,
  onCycle: (index: number) => void,
): void {
  const { callees, first } = graph;
  const count = first.length - 1;
  const NEW = 0;
  const OPEN = 1;
  const DONE = 2;
  const state = new Uint8Array(count);
  const next = first.slice();
  const path: number[] = [];
  for (let root = 0; root < count; root++) {
    if (state[root] !== NEW) continue;
    state[root] = OPEN;
    path.push(root);
    while (path.length > 0) {
      const index = path[path.length - 1]!;
      if (next[index]! < first[index + 1]!) {
        const callee = callees[next[index]!]!;
        next[index]!++;
        if (state[callee] === OPEN) onCycle(callee);
        else if (state[callee] === NEW) {
          state[callee] = OPEN;
          path.push(callee);
        }
        continue;
      }
      path.pop();
      state[index] = DONE;
      visit(index);
    }
  }
}
