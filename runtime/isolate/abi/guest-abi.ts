import type { ExportShape } from '../../contract/artifact.ts';
import type { FunctionVersion } from '../../contract/function-version.ts';
import type { CurrentCall } from '../current-call.ts';
import type { FuelMeter } from '../fuel-meter.ts';
import { takesNumbers, toTypeSentence } from '../function-types.ts';
import { GuestFailure } from '../guest-failure.ts';
import type { GuestMemory } from '../guest-memory.ts';

/** What an ABI works with: one isolate's memory, running call and meter. */
export interface AbiHost {
  readonly memory: GuestMemory;
  readonly call: CurrentCall;
  readonly meter: FuelMeter;
  readonly version: FunctionVersion;
  /** True when the module imports anything of WASI. */
  readonly importsWasi: boolean;
  /** What the module exports, with the types that it gave them. */
  readonly declared: readonly ExportShape[];
  /** The package's files, by path relative to /var/task. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Its layers' files, by path relative to /opt. */
  readonly layers: ReadonlyMap<string, Uint8Array>;
}

/**
 * How one kind of guest takes its event and gives its result. `invoke` throws what the guest threw, a GuestFailure, or
 * a trap; the isolate turns these into an outcome.
 */
export interface GuestAbi {
  /** What this kind of guest may import beside the module `isola`. */
  readonly imports: WebAssembly.Imports;
  /** Looks up what it will call; throws a GuestFailure when the handler is not there. */
  connect(exports: WebAssembly.Exports): void;
  /** Bytes of the result, the host's own copy. */
  invoke(event: Uint8Array): Uint8Array;
}

type GuestFunction = (...values: number[]) => unknown;

/** The export named by Lambda's Handler: what follows its last dot. */
export function handlerExport(handler: string): string {
  return handler.slice(handler.lastIndexOf('.') + 1);
}

/** A function of the guest; throws a GuestFailure when its type is one that numbers cannot be passed to. */
export function functionExport(
  exports: WebAssembly.Exports,
  name: string,
  declared: readonly ExportShape[],
): GuestFunction | undefined {
  const found = Object.hasOwn(exports, name) ? exports[name] : undefined;
  if (typeof found !== 'function') return undefined;
  const type = declared.find((shape) => shape.name === name)?.type;
  if (type === undefined || takesNumbers(type)) return found as GuestFunction;
  const sentence = `The export "${name}" is ${toTypeSentence(type)}, which Isola cannot call.`;
  throw new GuestFailure('Runtime.InvalidEntrypoint', sentence);
}
