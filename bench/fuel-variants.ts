import { FuelMeter } from '../runtime/isolate/fuel-meter.ts';
import { rewrite } from '../runtime/wasm/index.ts';
import type { Kernel } from './kernels.ts';
import { meterNaively, NAIVE_FUEL } from './naive-meter.ts';

/** One way to run a kernel. */
export interface Variant {
  readonly bytes: number;
  /** What has to happen before each timed run, as before each invocation. */
  begin(): void;
  run(rounds: number): number;
  /** Fuel burnt since `begin`. */
  used(): number;
}

type Run = (rounds: number) => number;

const PLENTY = 2n ** 62n;
/** No bound is ever met, but the clock is still read at every slice. */
const UNBOUNDED = { fuel: Number.POSITIVE_INFINITY, began: 0, deadline: Number.MAX_SAFE_INTEGER };
const LARGEST_MEMORY_PAGES = 2_048;

/** The module as it was compiled. */
export function createOriginal({ wasm }: Kernel): Variant {
  const { exports } = instantiate(wasm, {});
  return { bytes: wasm.length, begin() {}, run: exports.run as Run, used: () => 0 };
}

/** Rewritten as at deploy, counted by the meter that isolates use. */
export function createOurs({ wasm }: Kernel): Variant {
  const { code, shape } = rewrite(wasm);
  const imports: WebAssembly.Imports = {};
  for (const { module, name, minPages, maxPages } of shape.memories) {
    const maximum = Math.min(maxPages, LARGEST_MEMORY_PAGES);
    imports[module] = { ...imports[module], [name]: new WebAssembly.Memory({ initial: minPages, maximum }) };
  }
  const { exports } = instantiate(code, imports);
  const meter = new FuelMeter();
  meter.arm(UNBOUNDED);
  meter.attach(exports[shape.fuelExport] as WebAssembly.Global, exports[shape.refuelExport] as WebAssembly.Table);
  if (shape.startExport !== undefined) (exports[shape.startExport] as () => void)();
  return {
    bytes: code.length,
    begin: () => meter.begin(UNBOUNDED),
    run: exports.run as Run,
    used: () => meter.used,
  };
}

/** Rewritten by the naive strategy. */
export function createNaive({ wasm }: Kernel): Variant {
  const code = meterNaively(wasm);
  const { exports } = instantiate(code, {});
  const counter = exports[NAIVE_FUEL] as WebAssembly.Global;
  return {
    bytes: code.length,
    begin() {
      counter.value = PLENTY;
    },
    run: exports.run as Run,
    used: () => Number(PLENTY - (counter.value as bigint)),
  };
}

function instantiate(code: Uint8Array, imports: WebAssembly.Imports): WebAssembly.Instance {
  return new WebAssembly.Instance(new WebAssembly.Module(code as BufferSource), imports);
}
