import type { ArtifactManifest } from '../contract/artifact.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import { MIB } from '../contract/limits.ts';
import type { ExposedGlobal } from '../snapshot/index.ts';
import { createAbi, functionExport, type GuestAbi } from './abi/index.ts';
import type { CurrentCall } from './current-call.ts';
import type { FuelMeter } from './fuel-meter.ts';
import { GuestMemory } from './guest-memory.ts';
import { HeapWatch } from './heap-watch.ts';
import { createCallImports } from './host/calls.ts';
import { createIsolaImports } from './host/isola.ts';
import { pageLimit } from './prepared.ts';

/** One instance with everything that it imports, before any of its code has run. */
export interface LinkedGuest {
  readonly globals: readonly ExposedGlobal[];
  /** Those that the manifest lists. */
  readonly tables: readonly WebAssembly.Table[];
  readonly exports: WebAssembly.Exports;
  readonly abi: GuestAbi;
  /** Of a guest that makes objects. */
  readonly heap: HeapWatch | undefined;
  /** 1 once a memory.grow was refused. */
  readonly growFailed: WebAssembly.Global;
  /** Gives the guest's own random numbers another seed, when it exports `isola_reseed`. */
  reseed(seed: bigint): void;
  /** Runs what a module runs before its first call: start, `_initialize` of a reactor, `wizer.initialize`. */
  initialise(): void;
}

export interface LinkOptions {
  readonly manifest: ArtifactManifest;
  readonly module: WebAssembly.Module;
  readonly version: FunctionVersion;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly layers: ReadonlyMap<string, Uint8Array>;
  /** In index order, of the sizes that the manifest says. */
  readonly memories: readonly WebAssembly.Memory[];
  readonly call: CurrentCall;
  readonly meter: FuelMeter;
}

/** Instantiates a module on its memories, connects its meter and finds its handler. Throws a GuestFailure when there is none. */
export function linkGuest(options: LinkOptions): LinkedGuest {
  const { manifest, module, version, files, layers, memories, call, meter } = options;
  const view = new GuestMemory(memories[0] ?? NO_MEMORY);
  const importsWasi = manifest.imports.some(({ module: from }) => from === 'wasi_snapshot_preview1');
  const declared = manifest.exports;
  const abi = createAbi(manifest.abi, { memory: view, call, meter, version, files, layers, importsWasi, declared });
  const imports: WebAssembly.Imports = {
    ...abi.imports,
    isola: {
      ...createIsolaImports(view, call, meter),
      ...createCallImports(view, call, meter),
    } as WebAssembly.ModuleImports,
  };
  manifest.memories.forEach(({ module: from, name }, index) => {
    imports[from] = { ...imports[from], [name]: memories[index] as WebAssembly.Memory };
  });
  const { pendingExport } = manifest;
  const heap = pendingExport === undefined ? undefined : new HeapWatch(version.memoryMb * MIB);
  const { exports } = new WebAssembly.Instance(module, imports);
  const watched = heap && { watch: heap, pending: exports[pendingExport as string] as WebAssembly.Global };
  if (manifest.pageLimitExport !== undefined) {
    (exports[manifest.pageLimitExport] as WebAssembly.Global).value = pageLimit(version.memoryMb);
  }
  const counter = exports[manifest.fuelExport] as WebAssembly.Global;
  meter.attach(counter, exports[manifest.refuelExport] as WebAssembly.Table, watched);
  abi.connect(exports);
  return {
    abi,
    heap,
    exports,
    growFailed: exports[manifest.growFailedExport] as WebAssembly.Global,
    globals: manifest.globals.map(({ exportName, type }) => ({
      type,
      global: exports[exportName] as WebAssembly.Global,
    })),
    reseed(seed) {
      if (declared.some(({ name, type }) => name === RESEED && type === 'I:')) {
        (exports[RESEED] as (seed: bigint) => void)(seed);
      }
    },
    tables: manifest.tableExports.map((name) => exports[name] as WebAssembly.Table),
    initialise() {
      for (const name of [manifest.startExport, '_initialize', 'wizer.initialize']) {
        if (name !== undefined) functionExport(exports, name, declared)?.();
      }
    },
  };
}

const RESEED = 'isola_reseed';

/** What host functions see of a module without a memory. */
const NO_MEMORY = new WebAssembly.Memory({ initial: 0, maximum: 0 });
