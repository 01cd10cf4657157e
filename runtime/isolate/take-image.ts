import type { ArtifactManifest } from '../contract/artifact.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import { INIT_TIMEOUT_MS } from '../contract/limits.ts';
import { holdTables, packImage, takeGlobals, takeTables } from '../snapshot/index.ts';
import type { BuildOptions } from './build-options.ts';
import { CurrentCall } from './current-call.ts';
import { FuelMeter } from './fuel-meter.ts';
import { InvocationLog } from './invocation-log.ts';
import { linkGuest } from './linked-guest.ts';
import { maximumPages } from './prepared.ts';

/** Runs the initialisation and writes down what it left; undefined when it fails: then every isolate runs it and reports. */
export function takeImage(
  manifest: ArtifactManifest,
  code: Uint8Array,
  { memoryMb, handler, initTimeoutMs = INIT_TIMEOUT_MS }: BuildOptions,
): Uint8Array | undefined {
  const memories = manifest.memories.map(
    (shape) => new WebAssembly.Memory({ initial: shape.minPages, maximum: maximumPages(shape, memoryMb) }),
  );
  const meter = new FuelMeter();
  const began = performance.now();
  meter.arm({ fuel: Number.POSITIVE_INFINITY, began, deadline: began + initTimeoutMs });
  const module = new WebAssembly.Module(code as Uint8Array<ArrayBuffer>);
  const call = new CurrentCall(new InvocationLog());
  try {
    const version = toDraft(memoryMb, handler);
    const guest = linkGuest({ manifest, module, version, files: new Map(), memories, call, meter });
    const before = holdTables(guest.tables);
    guest.initialise();
    const tables = takeTables(guest.tables, before, guest.exports);
    return (
      tables &&
      packImage({
        memories: memories.map(({ buffer }) => new Uint8Array(buffer)),
        globals: takeGlobals(guest.globals),
        tables,
      })
    );
  } catch {
    return undefined;
  }
}

/** The version as initialisation sees it: nothing of it is secret, nothing of it is in the image. */
function toDraft(memoryMb: number, handler: string): FunctionVersion {
  return {
    ...{ arn: '', name: '', version: '$LATEST', revision: '', artifact: '', image: '', package: '', handler, memoryMb },
    ...{ timeoutMs: INIT_TIMEOUT_MS, ephemeralStorageMb: 0, environment: {}, isolation: 'invocation' },
    fuelBudget: Number.POSITIVE_INFINITY,
  };
}
