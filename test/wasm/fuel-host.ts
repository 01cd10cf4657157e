import type { ModuleShape } from '../../runtime/contract/artifact.ts';
import { FuelMeter } from '../../runtime/isolate/fuel-meter.ts';
import { createMemory } from '../../runtime/isolate/prepared.ts';
import type { SliceLength } from '../../runtime/isolate/slice-length.ts';

export interface FuelPlan {
  /** Fuel of every slice, or what decides it. */
  readonly slice: number | SliceLength;
  readonly budget?: number;
  readonly deadlineMs?: number;
  /** No memory grows beyond this many pages; 8,192 when it does not matter. */
  readonly maxPages?: number;
}

/** The least host that can run an artifact: gives it memories and a meter. */
export class FuelHost {
  readonly instance: WebAssembly.Instance;
  readonly memories: readonly WebAssembly.Memory[];
  refuels = 0;
  readonly #meter: FuelMeter;
  readonly #budget: number;
  readonly #deadlineMs: number;

  constructor(
    code: Uint8Array | WebAssembly.Module,
    shape: ModuleShape,
    plan: FuelPlan,
    imports: WebAssembly.Imports = {},
  ) {
    const {
      slice,
      budget = Number.POSITIVE_INFINITY,
      deadlineMs = Number.POSITIVE_INFINITY,
      maxPages: most = 8192,
    } = plan;
    this.#budget = budget;
    this.#deadlineMs = deadlineMs;
    this.memories = shape.memories.map((memory) =>
      memory.module in imports
        ? (imports[memory.module]?.[memory.name] as WebAssembly.Memory)
        : createMemory(memory, memory.minPages, Math.min(memory.maxPages, most)),
    );
    const all: WebAssembly.Imports = { ...imports };
    shape.memories.forEach(({ module, name }, index) => {
      all[module] = { ...all[module], [name]: this.memories[index]! };
    });
    const module = code instanceof WebAssembly.Module ? code : new WebAssembly.Module(code as BufferSource);
    this.instance = new WebAssembly.Instance(module, all);
    const slices = typeof slice === 'number' ? { first: () => slice, next: () => slice } : slice;
    this.#meter = new FuelMeter({ slices });
    this.#meter.onSlice = () => {
      this.refuels++;
    };
    this.#meter.attach(
      this.exported(shape.fuelExport) as WebAssembly.Global,
      this.exported(shape.refuelExport) as WebAssembly.Table,
    );
    this.begin();
    if (shape.startExport !== undefined) this.call(shape.startExport);
  }

  /** Counts anew, as at every invocation. */
  begin(): void {
    const began = performance.now();
    this.#meter.begin({ fuel: this.#budget, began, deadline: began + this.#deadlineMs });
  }

  exported(name: string): WebAssembly.ExportValue {
    const value = this.instance.exports[name];
    if (value === undefined) throw new Error(`no export ${name}`);
    return value;
  }

  call(name: string, ...args: readonly unknown[]): unknown {
    return (this.exported(name) as (...args: readonly unknown[]) => unknown)(...args);
  }

  get stopped(): boolean {
    return this.#meter.stopped !== undefined;
  }

  get used(): number {
    return this.#meter.used;
  }
}
