import { setFlagsFromString } from 'node:v8';
import { rewrite } from '../runtime/wasm/index.ts';
import { median } from './statistics.ts';

/** What rewriting a large module costs, and what its artifact costs the engine. */
export interface Rewriting {
  readonly inputMB: number;
  /** MB of input a second: the first time in this process, and the median of later ones. */
  readonly firstMBps: number;
  readonly mbps: number;
  /** Ratios of the artifact to the module. */
  readonly codeGrowth: number;
  readonly lazyCompileGrowth: number;
  readonly eagerCompileGrowth: number;
  /** Baseline code for every function of the unmodified module. */
  readonly eagerCompileMs: number;
}

export function measureRewriting(input: Uint8Array, rounds: number): Rewriting {
  const times: number[] = [];
  let code: Uint8Array = input;
  for (let round = 0; round <= rounds; round++) {
    const began = performance.now();
    ({ code } = rewrite(input));
    times.push(performance.now() - began);
  }
  const [first = Number.NaN, ...later] = times;
  const inputMB = input.length / 1e6;
  const lazy = compareCompiling(input, code, rounds);
  setFlagsFromString('--no-wasm-lazy-compilation');
  const eager = compareCompiling(input, code, rounds);
  setFlagsFromString('--wasm-lazy-compilation');
  return {
    inputMB,
    firstMBps: inputMB / (first / 1000),
    mbps: inputMB / (median(later) / 1000),
    codeGrowth: code.length / input.length,
    lazyCompileGrowth: lazy.growth,
    eagerCompileGrowth: eager.growth,
    eagerCompileMs: eager.originalMs,
  };
}

function compareCompiling(input: Uint8Array, code: Uint8Array, rounds: number): { growth: number; originalMs: number } {
  const order = [input, code];
  const ratios: number[] = [];
  const originals: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const times = new Map(order.map((bytes) => [bytes, timeCompile(bytes)]));
    originals.push(times.get(input)!);
    ratios.push(times.get(code)! / times.get(input)!);
    order.reverse();
  }
  return { growth: median(ratios), originalMs: median(originals) };
}

let distinct = 0;

/** A custom section of its own keeps the engine from answering out of its cache. */
function timeCompile(bytes: Uint8Array): number {
  const unlike = new Uint8Array(bytes.length + 7);
  unlike.set(bytes);
  distinct++;
  unlike.set([0, 5, 3, 0x62, 0x65, 0x6e, distinct], bytes.length);
  const began = performance.now();
  new WebAssembly.Module(unlike);
  return performance.now() - began;
}
