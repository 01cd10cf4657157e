import { rewrite, WasmRefused } from '../../runtime/wasm/index.ts';
import { FuelHost, type FuelPlan } from '../wasm/fuel-host.ts';
import { createHostModule } from './host-module.ts';

/** Where the modules of one script live: they import from one another, and from nowhere else. */
export interface World {
  /** Throws what the engine, or the rewriter, has against a module. */
  check(code: Uint8Array): void;
  instantiate(code: Uint8Array): WebAssembly.Exports;
  /** Lets later modules import from an instance, or says that it was refused. */
  register(name: string, exports: WebAssembly.Exports | Refused): void;
  /** Counts fuel anew, as at every invocation. */
  begin(): void;
  /** Fuel that all instances of this world have used since. */
  readonly fuel: number;
}

/** A module that the rewriter refuses, or one that would import from such a module. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** Modules as they are, on the engine alone. */
export class PlainWorld implements World {
  readonly fuel = 0;
  readonly #registered: WebAssembly.Imports = { spectest: createHostModule() };

  begin(): void {}

  check(code: Uint8Array): void {
    new WebAssembly.Module(code as BufferSource);
  }

  instantiate(code: Uint8Array): WebAssembly.Exports {
    return new WebAssembly.Instance(new WebAssembly.Module(code as BufferSource), this.#registered).exports;
  }

  register(name: string, exports: WebAssembly.Exports): void {
    this.#registered[name] = exports as WebAssembly.ModuleImports;
  }
}

/** How much fuel a new instance is granted at a time. */
export type Slices = () => FuelPlan['slice'];

/** Modules rewritten, each with a meter of its own. */
export class MeteredWorld implements World {
  readonly #slices: Slices;
  readonly #hosts: FuelHost[] = [];
  readonly #registered: WebAssembly.Imports = { spectest: createHostModule() };
  readonly #refused = new Set<string>();
  #leftBehind = false;

  constructor(slices: Slices) {
    this.#slices = slices;
  }

  /** True once a module that was not instantiated may have left functions in a table, which nobody gives fuel. */
  get leftBehind(): boolean {
    return this.#leftBehind;
  }

  begin(): void {
    for (const host of this.#hosts) host.begin();
  }

  get fuel(): number {
    return this.#hosts.reduce((sum, host) => sum + host.used, 0);
  }

  /** What is uploaded was validated before, so that the rewriter may take what the engine does not, but must end. */
  check(input: Uint8Array): void {
    rewritten(input);
  }

  instantiate(input: Uint8Array): WebAssembly.Exports {
    const { code, shape } = rewritten(input);
    const from = shape.imports.find(({ module }) => this.#refused.has(module));
    if (from) throw new Refused(`imports from ${from.module}, which was refused`);
    const nothing = Object.fromEntries(shape.imports.map(({ module }) => [module, {}]));
    const imports = { ...nothing, ...this.#registered };
    try {
      const host = new FuelHost(code, shape, { slice: this.#slices(), maxPages: 65_536 }, imports);
      this.#hosts.push(host);
      return host.instance.exports;
    } catch (error) {
      this.#leftBehind ||= shape.imports.some(({ kind }) => kind === 'table');
      throw error;
    }
  }

  register(name: string, exports: WebAssembly.Exports | Refused): void {
    if (exports instanceof Refused) this.#refused.add(name);
    else this.#registered[name] = exports as WebAssembly.ModuleImports;
  }
}

function rewritten(input: Uint8Array): ReturnType<typeof rewrite> {
  try {
    return rewrite(input);
  } catch (error) {
    if (error instanceof WasmRefused) throw new Refused(error.message.replace(/ \(at byte \d+\)$/, ''));
    throw error;
  }
}
