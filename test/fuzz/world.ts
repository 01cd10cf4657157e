import type { PlannedMemory } from './plan.ts';
import { type RandomModule, STEPS } from './random-module.ts';
import type { ValueType } from './types.ts';

const ARGUMENTS: Readonly<Partial<Record<ValueType, readonly unknown[]>>> = {
  i32: [0, 1, -7, 100_000, 5],
  i64: [0n, -1n, 99n, 1n << 40n],
  f32: [0, -1.5, 7, 1e9],
  f64: [0, -1.5, 1e9, 3],
};

/** What one call gave: its result or how it ended, and the numbers that the guest keeps in exported globals. */
export interface Outcome {
  readonly name: string;
  readonly how: 'returned' | 'threw' | 'trapped';
  readonly result: unknown;
  readonly globals: readonly unknown[];
}

/** The host of a random module: told things, asked things, calling back, throwing, and keeping a log of it all. */
export class World {
  readonly imports: WebAssembly.Imports;
  readonly log: unknown[] = [];
  /** Exceptions of its own that it threw into the guest. */
  thrown = 0;
  /** Called whenever the guest calls. */
  onHostCall: (() => void) | undefined;
  #exports: WebAssembly.Exports | undefined;
  #nested = 0;
  readonly #module: RandomModule;
  readonly #outside: WebAssembly.Global;

  constructor(module: RandomModule) {
    this.#module = module;
    this.#outside = new WebAssembly.Global({ value: 'i64', mutable: true }, 3n);
    this.imports = {
      host: {
        f0: (...values: unknown[]) => {
          this.onHostCall?.();
          this.log.push(values);
        },
        f1: (value: number) => this.#answer(value),
        base: 100,
        outside: this.#outside,
        ...(module.importedMemory ? { memory: createMemory(module.importedMemory) } : {}),
      },
    };
  }

  /** Every exported function in turn, on one instance whose state goes from call to call. */
  *calls(exports: WebAssembly.Exports, begin: () => void): Generator<Outcome> {
    this.#exports = exports;
    for (let round = 0; round < 3; round++) {
      for (const { name, params } of this.#module.functions) {
        (exports.steps as WebAssembly.Global).value = STEPS;
        begin();
        yield this.#call(
          exports,
          name,
          params.map((type, at) => pick(type, round + at)),
        );
      }
    }
  }

  /** Memories and tables, as bytes and as indices of functions. */
  state(exports: WebAssembly.Exports): {
    readonly memories: readonly Uint8Array[];
    readonly tables: readonly unknown[];
  } {
    const of = (letter: string): WebAssembly.ExportValue[] =>
      Object.entries(exports).flatMap(([name, value]) => (name[0] === letter && /^.\d/.test(name) ? [value] : []));
    return {
      memories: of('m').map((memory) => new Uint8Array((memory as WebAssembly.Memory).buffer)),
      tables: of('t').map((table) => entries(table as WebAssembly.Table)),
    };
  }

  describe(error: unknown): string {
    if (!(error instanceof (WebAssembly as unknown as { Exception: new () => object }).Exception)) return String(error);
    const { is, getArg } = error as unknown as {
      is: (tag: unknown) => boolean;
      getArg: (tag: unknown, index: number) => unknown;
    };
    const counts = [0, 1, 2];
    for (let tag = 0; tag < this.#module.tags; tag++) {
      const thrown = this.#exports?.[`e${tag}`];
      if (!thrown || !is.call(error, thrown)) continue;
      return `tag ${tag} ${Array.from({ length: counts[tag]! }, (_, index) => getArg.call(error, thrown, index)).join()}`;
    }
    return 'a tag';
  }

  #call(exports: WebAssembly.Exports, name: string, values: readonly unknown[]): Outcome {
    let how: Outcome['how'] = 'returned';
    let result: unknown;
    try {
      result = (exports[name] as CallableFunction)(...values);
    } catch (error) {
      how = error instanceof WebAssembly.RuntimeError || error instanceof RangeError ? 'trapped' : 'threw';
      result = this.describe(error);
    }
    const globals = Object.entries(exports).flatMap(([at, value]) =>
      at.startsWith('g_') || at === 'steps' ? [(value as WebAssembly.Global).value] : [],
    );
    return { name, how, result, globals: [...globals, this.#outside.value] };
  }

  #answer(value: number): number {
    this.onHostCall?.();
    this.log.push(value);
    if ((value & 15) === 3) {
      this.thrown++;
      throw new Error(`the host throws ${value}`);
    }
    if ((value & 7) === 5 && this.#exports && this.#nested < 2) {
      const { name, params } = this.#module.functions[0]!;
      this.#nested++;
      try {
        this.log.push((this.#exports[name] as CallableFunction)(...params.map((type, at) => pick(type, at + 1))));
      } finally {
        this.#nested--;
      }
    }
    return (Math.imul(value, 31) + 7) | 0;
  }
}

function pick(type: ValueType, at: number): unknown {
  const values = ARGUMENTS[type]!;
  return values[at % values.length];
}

function createMemory({ address, min, max }: PlannedMemory): WebAssembly.Memory {
  const descriptor =
    address === 'i64'
      ? { address, index: address, initial: BigInt(min), ...(max === undefined ? {} : { maximum: BigInt(max) }) }
      : { initial: min, ...(max === undefined ? {} : { maximum: max }) };
  return new WebAssembly.Memory(descriptor as unknown as WebAssembly.MemoryDescriptor);
}

function entries(table: WebAssembly.Table): unknown[] {
  return Array.from({ length: table.length }, (_, index) => {
    const entry: unknown = table.get(index);
    return typeof entry === 'function' ? entry.name : entry;
  });
}
