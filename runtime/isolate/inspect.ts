import type { Abi, ExportShape } from '../contract/artifact.ts';
import { MEMORY_MB, MIB, WASM_PAGE_BYTES } from '../contract/limits.ts';
import { type DecodedModule, decodeModule, type Inspection, inspect, rewrite, WasmRefused } from '../wasm/index.ts';
import { handlerExport, recogniseAbi } from './abi/index.ts';
import { checkModule } from './build.ts';
import type { BuildOptions } from './build-options.ts';

/** What a module is and what a deploy would say of it. */
export interface ModuleReport extends Partial<Inspection> {
  readonly bytes: number;
  /** The sentence a deploy would refuse it with, at this MemorySize; absent when it would be taken. */
  readonly refused?: string;
  /** The function that the handler names and the module does not export, which only an invocation would tell. */
  readonly missing?: string;
  /** Absent when it speaks none, or cannot be read; so are the members below. */
  readonly abi?: Abi;
  readonly imports?: readonly (ExportShape & { readonly module: string })[];
  readonly exports?: readonly ExportShape[];
  /** `maxPages` is absent when the module sets none. */
  readonly memories?: readonly { readonly minPages: number; readonly maxPages?: number }[];
  /** What all memories hold at start, in MB: the least MemorySize. */
  readonly needsMb?: number;
  /** Bytes after rewriting, absent when the rewriter refuses. */
  readonly artifactBytes?: number;
  /** Every invocation may reuse an instance: memory and globals are all that it can change. */
  readonly resettable?: boolean;
}

/** Looks at a module as a deploy would, but runs nothing of it. Never throws for what the module is. */
export function inspectModule(input: Uint8Array, options: BuildOptions & { readonly mostLoops: number }): ModuleReport {
  const checked = checkModule(input, options);
  const module = unlessRefused(() => decodeModule(input));
  const rewritten = module && unlessRefused(() => rewrite(input));
  const refused = whyNoSize(options.memoryMb) ?? (checked.kind === 'refused' ? checked.message : undefined);
  return {
    bytes: input.byteLength,
    ...(refused === undefined ? {} : { refused }),
    ...(module ? { ...inspect(module, options.mostLoops), ...declared(module, options.handler) } : {}),
    ...(rewritten ? { artifactBytes: rewritten.code.byteLength, resettable: rewritten.shape.resettable } : {}),
  };
}

function whyNoSize(memoryMb: number): string | undefined {
  const { min, max } = MEMORY_MB;
  return memoryMb < min || memoryMb > max ? `MemorySize is a number of MB from ${min} to ${max}.` : undefined;
}

function declared(module: DecodedModule, handler: string): Partial<ModuleReport> {
  const { imports, exports, memories } = module;
  const abi = recogniseAbi({ imports, exports });
  const called = abi === 'wasi-command' ? '_start' : handlerExport(handler);
  const isThere = exports.some(({ name, kind }) => name === called && kind === 'function');
  return {
    imports,
    exports,
    ...(abi ? { abi } : {}),
    ...(abi && !isThere ? { missing: called } : {}),
    memories: memories.map(({ limits: { min, max } }) => ({
      minPages: min,
      ...(max === undefined ? {} : { maxPages: max }),
    })),
    needsMb: Math.ceil((memories.reduce((sum, { limits }) => sum + limits.min, 0) * WASM_PAGE_BYTES) / MIB),
  };
}

function unlessRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof WasmRefused) return undefined;
    throw error;
  }
}
