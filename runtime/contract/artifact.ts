/** How a guest takes its event and gives its result. */
export type Abi = 'assemblyscript' | 'buffer' | 'wasi-command';

/** WebAssembly value types whose globals an image can carry. */
export type GlobalType = 'i32' | 'i64' | 'f32' | 'f64';

/** What the rewriter learned of a module and what it injected; JSON, stored beside the artifact. */
export interface ModuleShape {
  /** What the guest itself imports; injected imports are not listed. */
  readonly imports: readonly (ExportShape & { readonly module: string })[];
  /** What the guest itself exports; injected exports are not listed. */
  readonly exports: readonly ExportShape[];
  /** Linear memories in index order, each an import of the artifact. */
  readonly memories: readonly MemoryShape[];
  /** Mutable globals in index order, exported under injected names. */
  readonly globals: readonly { readonly exportName: string; readonly type: GlobalType }[];
  /** Injected name of the start function, when the module had one. */
  readonly startExport?: string;
  /** Injected export of the fuel counter (mutable i32 global). */
  readonly fuelExport: string;
  /** Injected export of the one-slot table that takes the refuel function. */
  readonly refuelExport: string;
  /** Injected export that is 1 once a memory.grow was refused (mutable i32 global). */
  readonly growFailedExport: string;
  /**
   * Injected export that says how many bytes the array takes that the guest is about to make (mutable i32 global). There
   * when the guest makes objects or exceptions, which take the engine's heap instead of a memory.
   */
  readonly pendingExport?: string;
  /** Injected export that bounds the pages of all memories together (mutable i32 global). There when the module has several. */
  readonly pageLimitExport?: string;
  /**
   * True when memories and globals are all that an invocation can change, so that one instance can be reset and reused.
   * False when code can change tables, drop segments, or keeps mutable globals that are no numbers.
   */
  readonly resettable: boolean;
  /** True when an image can hold all that initialisation can change: the former, and tables of functions. */
  readonly restorable: boolean;
  /** Injected names of the tables, when code can change them and an image can hold them; else empty. */
  readonly tableExports: readonly string[];
  /** Injected names of functions that code may put into these tables and that are not in them from the start. */
  readonly functionExports: readonly string[];
}

/** One linear memory: where the artifact imports it from, and its sizes in pages of 64 KiB. */
export interface MemoryShape {
  readonly module: string;
  readonly name: string;
  readonly minPages: number;
  readonly maxPages: number;
  /** Addresses are i64. */
  readonly wide?: true;
}

/** One import or export of a module. */
export interface ExportShape {
  readonly name: string;
  readonly kind: ImportKind;
  /**
   * Of a function: parameters, a colon, results, each a letter: i I f F for i32 i64 f32 f64, V for v128, r and e for
   * funcref and externref, ? for any other reference. `ii:I` is (i32, i32) -> i64.
   */
  readonly type?: string;
}

export type ImportKind = 'function' | 'table' | 'memory' | 'global' | 'tag';

/** An artifact's description: what a thread must know to run it. */
export interface ArtifactManifest extends ModuleShape {
  readonly id: string;
  readonly abi: Abi;
  /** Bytes of the module as uploaded, and as rewritten. */
  readonly inputBytes: number;
  readonly artifactBytes: number;
}

/**
 * The snapshot of an initialised isolate. `memories` are whole, in index order; `globals` are the mutable globals in index
 * order (integers as decimal strings, floats as the hexadecimal of their bits, so that NaN payloads survive JSON).
 */
export interface Image {
  readonly memories: readonly Uint8Array[];
  readonly globals: readonly string[];
  /** What initialisation changed in the tables that the manifest lists, in their order. */
  readonly tables: readonly TableImage[];
  readonly draws: readonly Draw[];
}

/** A host function whose answer differs from call to call, which initialisation called: every restored isolate repeats it. */
export interface Draw {
  readonly what: 'random' | 'clock';
  /** `module.name` of the import. */
  readonly name: string;
}

export interface TableImage {
  readonly size: number;
  readonly changed: readonly { readonly index: number; readonly entry: TableEntry }[];
}

/** Where a fresh instance has the function that belongs into a table: in a slot of a listed table, or exported; or null. */
export type TableEntry = { readonly table: number; readonly slot: number } | { readonly exportName: string } | null;

/** All that a thread needs to make isolates of a function version; loaded once per process and shared. */
export interface LoadedArtifact {
  readonly manifest: ArtifactManifest;
  readonly code: Uint8Array;
  /**
   * The packed image; absent when the module cannot be restored from one, or its initialisation failed: then every isolate
   * runs it.
   */
  readonly image?: Uint8Array;
  /** The package's files for /var/task, by relative path; empty for guests that cannot read files. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The layers' files for /opt, likewise. */
  readonly layers: ReadonlyMap<string, Uint8Array>;
}

/** What building an artifact on a thread answers. */
export type Built =
  | {
      readonly kind: 'built';
      readonly manifest: ArtifactManifest;
      readonly code: Uint8Array;
      readonly image?: Uint8Array;
      /** What the image repeats. */
      readonly draws: readonly Draw[];
    }
  | { readonly kind: 'refused'; readonly message: string };
