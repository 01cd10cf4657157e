import type { ModuleShape } from '../../runtime/contract/artifact.ts';

// (module (import "h" "r" (func (param i32) (result i32))) (export "r" (func 0)))
const RELAY = new WebAssembly.Module(
  new Uint8Array([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f, 2, 7, 1, 1, 0x68, 1, 0x72, 0, 0, 7, 5, 1, 1, 0x72,
    0, 0,
  ]),
);

export interface FuelPlan {
  readonly slice: number;
  readonly budget?: number;
  readonly deadlineMs?: number;
}

/** The least host that can run an artifact: fills the refuel slot, grants slices, counts, and ends guests. */
export class FuelHost {
  readonly instance: WebAssembly.Instance;
  readonly memories: readonly WebAssembly.Memory[];
  stopped = false;
  refuels = 0;
  #granted = 0;
  #deadline = Number.POSITIVE_INFINITY;
  readonly #fuel: WebAssembly.Global;
  readonly #plan: FuelPlan;

  constructor(code: Uint8Array, shape: ModuleShape, plan: FuelPlan, imports: WebAssembly.Imports = {}) {
    this.#plan = plan;
    this.memories = shape.memories.map(
      ({ minPages, maxPages }) => new WebAssembly.Memory({ initial: minPages, maximum: Math.min(maxPages, 8192) }),
    );
    const all: WebAssembly.Imports = { ...imports };
    shape.memories.forEach(({ module, name }, index) => {
      all[module] = { ...all[module], [name]: this.memories[index]! };
    });
    this.instance = new WebAssembly.Instance(new WebAssembly.Module(code as BufferSource), all);
    const relay = new WebAssembly.Instance(RELAY, { h: { r: (left: number) => this.#refuel(left) } });
    (this.exported(shape.refuelExport) as WebAssembly.Table).set(0, relay.exports.r);
    this.#fuel = this.exported(shape.fuelExport) as WebAssembly.Global;
    this.#granted = Math.min(plan.slice, plan.budget ?? plan.slice);
    this.#fuel.value = this.#granted;
    if (plan.deadlineMs !== undefined) this.#deadline = performance.now() + plan.deadlineMs;
    if (shape.startExport !== undefined) this.call(shape.startExport);
  }

  exported(name: string): WebAssembly.ExportValue {
    const value = this.instance.exports[name];
    if (value === undefined) throw new Error(`no export ${name}`);
    return value;
  }

  call(name: string, ...args: readonly unknown[]): unknown {
    return (this.exported(name) as (...args: readonly unknown[]) => unknown)(...args);
  }

  get used(): number {
    return this.#granted - Number(this.#fuel.value);
  }

  #refuel(left: number): number {
    this.refuels++;
    const used = this.#granted - left;
    const budget = this.#plan.budget ?? Number.POSITIVE_INFINITY;
    if (used > budget || performance.now() > this.#deadline) {
      this.stopped = true;
      this.#granted = used - 1;
      return -1;
    }
    const slice = Math.max(1, Math.min(this.#plan.slice, budget - used));
    this.#granted = used + slice;
    return slice;
  }
}
