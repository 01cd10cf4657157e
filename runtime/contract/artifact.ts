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
   * True when memory and globals are all that an invocation can change, so that one instance can be reset and reused and
   * its image restored. False when code can change tables, drop segments, or keeps mutable globals that are no numbers.
   */
  readonly resettable: boolean;
}

/** One linear memory: where the artifact imports it from, and its sizes in pages of 64 KiB. */
export interface MemoryShape {
  readonly module: string;
  readonly name: string;
  readonly minPages: number;
  readonly maxPages: number;
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
 * The snapshot of an initialised isolate. `memory` is the whole linear memory; `globals` are the mutable globals in index
 * order (i64 as decimal strings, floats as the hexadecimal of their bits, so that NaN payloads survive JSON).
 */
export interface Image {
  readonly memory: Uint8Array;
  readonly globals: readonly string[];
}

/** All that a thread needs to make isolates of a function version; loaded once per process and shared. */
export interface LoadedArtifact {
  readonly manifest: ArtifactManifest;
  readonly code: Uint8Array;
  /** Absent when the module cannot be restored from an image, or its initialisation failed: then every isolate runs it. */
  readonly image?: Image;
  /** The package's files for /var/task, by relative path; empty for guests that cannot read files. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** What building an artifact on a thread answers. */
export type Built =
  | { readonly kind: 'built'; readonly manifest: ArtifactManifest; readonly code: Uint8Array; readonly image?: Image }
  | { readonly kind: 'refused'; readonly message: string };
