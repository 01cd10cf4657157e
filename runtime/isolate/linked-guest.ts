import type { ArtifactManifest } from '../contract/artifact.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { ExposedGlobal } from '../snapshot/index.ts';
import { createAbi, functionExport, type GuestAbi } from './abi/index.ts';
import type { CurrentCall } from './current-call.ts';
import type { FuelMeter } from './fuel-meter.ts';
import { GuestMemory } from './guest-memory.ts';
import { createIsolaImports } from './host/isola.ts';

/** One instance with everything that it imports, before any of its code has run. */
export interface LinkedGuest {
  /** The first memory; an empty one where the module has none. */
  readonly memory: WebAssembly.Memory;
  readonly furtherMemories: readonly WebAssembly.Memory[];
  readonly globals: readonly ExposedGlobal[];
  readonly abi: GuestAbi;
  /** 1 once a memory.grow was refused. */
  readonly growFailed: WebAssembly.Global;
  /** Runs what a module runs before its first call: start, then `_initialize` of a reactor. */
  initialise(): void;
}

export interface LinkOptions {
  readonly manifest: ArtifactManifest;
  readonly module: WebAssembly.Module;
  readonly version: FunctionVersion;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly memory: WebAssembly.Memory;
  readonly furtherMemories: readonly WebAssembly.Memory[];
  readonly call: CurrentCall;
  readonly meter: FuelMeter;
}

/** Instantiates a module on a memory, connects its meter and finds its handler. Throws a GuestFailure when there is none. */
export function linkGuest(options: LinkOptions): LinkedGuest {
  const { manifest, module, version, files, memory, furtherMemories, call, meter } = options;
  const view = new GuestMemory(memory);
  const importsWasi = manifest.imports.some(({ module: from }) => from === 'wasi_snapshot_preview1');
  const declared = manifest.exports;
  const abi = createAbi(manifest.abi, { memory: view, call, meter, version, files, importsWasi, declared });
  const imports: WebAssembly.Imports = {
    ...abi.imports,
    isola: createIsolaImports(view, call, meter) as WebAssembly.ModuleImports,
  };
  const memories = [memory, ...furtherMemories];
  manifest.memories.forEach(({ module: from, name }, index) => {
    imports[from] = { ...imports[from], [name]: memories[index] as WebAssembly.Memory };
  });
  const { exports } = new WebAssembly.Instance(module, imports);
  meter.attach(exports[manifest.fuelExport] as WebAssembly.Global, exports[manifest.refuelExport] as WebAssembly.Table);
  abi.connect(exports);
  return {
    memory,
    furtherMemories,
    abi,
    growFailed: exports[manifest.growFailedExport] as WebAssembly.Global,
    globals: manifest.globals.map(({ exportName, type }) => ({
      type,
      global: exports[exportName] as WebAssembly.Global,
    })),
    initialise() {
      for (const name of [manifest.startExport, '_initialize']) {
        if (name !== undefined) functionExport(exports, name, declared)?.();
      }
    },
  };
}
