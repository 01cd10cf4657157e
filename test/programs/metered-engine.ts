import type { ModuleShape } from '../../runtime/contract/artifact.ts';
import { FuelMeter } from '../../runtime/isolate/fuel-meter.ts';
import { rewrite } from '../../runtime/wasm/index.ts';

/** What came through the engine. */
export interface EngineReport {
  readonly modules: number;
  readonly bytes: number;
  readonly fuel: number;
}

interface Original {
  readonly Module: typeof WebAssembly.Module;
  readonly Instance: typeof WebAssembly.Instance;
}

type Source = BufferSource | WebAssembly.Module;

/**
 * Makes WebAssembly compile every module through the rewriter and run every instance on a meter, for glue code that knows
 * nothing of it: modules keep the imports and exports that they had, and memories that were theirs are made here.
 */
export class MeteredEngine {
  readonly #original: Original = { Module: WebAssembly.Module, Instance: WebAssembly.Instance };
  readonly #shapes = new WeakMap<WebAssembly.Module, ModuleShape>();
  readonly #plain = new WeakMap<WebAssembly.Module, WebAssembly.Module>();
  readonly #meters: FuelMeter[] = [];
  readonly #slice: number;
  /** Called when a meter has read the clock. */
  onSlice: (() => void) | undefined;
  #modules = 0;
  #bytes = 0;

  constructor(slice: number) {
    this.#slice = slice;
  }

  get report(): EngineReport {
    const fuel = this.#meters.reduce((sum, meter) => sum + meter.used, 0);
    return { modules: this.#modules, bytes: this.#bytes, fuel };
  }

  install(): void {
    const { Module, Instance } = this.#original;
    const plainOf = (module: WebAssembly.Module): WebAssembly.Module => this.#plain.get(module) ?? module;
    const replaced = {
      Module: new Proxy(Module, {
        construct: (_, [source]: [BufferSource]) => this.#compile(source),
        get: (target, name) =>
          name === 'imports' || name === 'exports' || name === 'customSections'
            ? (module: WebAssembly.Module, section: string) =>
                (Module[name] as (...given: unknown[]) => unknown)(plainOf(module), section)
            : Reflect.get(target, name),
      }),
      Instance: new Proxy(Instance, {
        construct: (_, [module, imports]: [WebAssembly.Module, WebAssembly.Imports?]) =>
          this.#instantiate(module, imports),
      }),
      compile: async (source: BufferSource) => this.#compile(source),
      instantiate: async (source: Source, imports?: WebAssembly.Imports) => {
        if (source instanceof Module) return this.#instantiate(source, imports);
        const module = this.#compile(source);
        return { module, instance: this.#instantiate(module, imports) };
      },
    };
    Object.assign(WebAssembly, replaced);
  }

  /** The meter has small modules of its own, which are not the program's. */
  #createMeter(): FuelMeter {
    const { Module, Instance } = WebAssembly;
    Object.assign(WebAssembly, this.#original);
    const meter = new FuelMeter({ slices: { first: () => this.#slice, next: () => this.#slice } });
    Object.assign(WebAssembly, { Module, Instance });
    meter.onSlice = () => this.onSlice?.();
    this.#meters.push(meter);
    return meter;
  }

  #compile(source: BufferSource): WebAssembly.Module {
    const bytes = ArrayBuffer.isView(source)
      ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
      : new Uint8Array(source);
    const { Module } = this.#original;
    const plain = new Module(bytes as BufferSource);
    const { code, shape } = rewrite(bytes);
    const module = new Module(code as BufferSource);
    this.#shapes.set(module, shape);
    this.#plain.set(module, plain);
    this.#modules++;
    this.#bytes += bytes.length;
    return module;
  }

  #instantiate(module: WebAssembly.Module, imports: WebAssembly.Imports = {}): WebAssembly.Instance {
    const { Instance, Module } = this.#original;
    const shape = this.#shapes.get(module);
    if (!shape) return new Instance(module, imports);
    const all: Record<string, WebAssembly.ModuleImports> = { ...imports };
    for (const { module: from, name, minPages, maxPages } of shape.memories) {
      if (all[from]?.[name] instanceof WebAssembly.Memory) continue;
      const memory = new WebAssembly.Memory({ initial: minPages, maximum: maxPages });
      all[from] = { ...all[from], [name]: memory };
    }
    const { exports } = new Instance(module, all);
    const meter = this.#createMeter();
    meter.attach(exports[shape.fuelExport] as WebAssembly.Global, exports[shape.refuelExport] as WebAssembly.Table);
    meter.begin({ fuel: Number.POSITIVE_INFINITY, began: 0, deadline: Number.POSITIVE_INFINITY });
    if (shape.startExport !== undefined) (exports[shape.startExport] as () => void)();
    const own = Module.exports(this.#plain.get(module)!).map(({ name }) => [name, exports[name]] as const);
    return Object.create(Instance.prototype, {
      exports: { value: Object.freeze(Object.assign(Object.create(null), Object.fromEntries(own))) },
    }) as WebAssembly.Instance;
  }
}
