import { createHash } from 'node:crypto';
import type { ArtifactManifest, Built } from '../contract/artifact.ts';
import { WASM_PAGE_BYTES } from '../contract/limits.ts';
import { REWRITER_VERSION, rewrite, WasmRefused } from '../wasm/index.ts';
import { recogniseAbi } from './abi/index.ts';
import type { BuildOptions } from './build-options.ts';
import { unknownImport } from './imports.ts';
import { takeImage } from './take-image.ts';

/**
 * From a module as uploaded to what is stored: validated, rewritten, recognised, initialised once. Deterministic but for
 * what the guest's own initialisation does. A module that cannot be run is `refused`, in one sentence for its author.
 */
export function buildArtifact(input: Uint8Array, options: BuildOptions): Built {
  const checked = checkModule(input, options);
  if (checked.kind === 'refused') return checked;
  const { manifest, code } = checked;
  const taken = takeImage(manifest, code, options);
  if (taken.kind === 'refused') return taken;
  const { image, draws } = taken;
  return { kind: 'built', manifest, code, draws, ...(image ? { image } : {}) };
}

/** What `buildArtifact` would answer, but for the image: nothing of the guest runs. */
export function checkModule(
  input: Uint8Array,
  options: BuildOptions,
): Exclude<Built, { kind: 'built' }> | { kind: 'checked'; manifest: ArtifactManifest; code: Uint8Array } {
  const invalid = whyInvalid(input);
  if (invalid) return { kind: 'refused', message: `The module is not valid WebAssembly: ${invalid}` };
  try {
    const { code, shape } = rewrite(input);
    const abi = recogniseAbi(shape);
    if (!abi) return { kind: 'refused', message: NO_ABI };
    const manifest: ArtifactManifest = {
      ...shape,
      id: createHash('sha256').update(input).update(REWRITER_VERSION).digest('hex'),
      abi,
      inputBytes: input.byteLength,
      artifactBytes: code.byteLength,
    };
    const message = whyNotRunnable(manifest, options);
    return message ? { kind: 'refused', message } : { kind: 'checked', manifest, code };
  } catch (error) {
    if (error instanceof WasmRefused) return { kind: 'refused', message: error.message };
    throw error;
  }
}

const NO_ABI =
  'The module speaks no ABI of Isola: export __new, __pin and __unpin (AssemblyScript with --exportRuntime), or isola_alloc (buffer), or _start (a WASI command).';

function whyInvalid(input: Uint8Array): string | undefined {
  const bytes = input as Uint8Array<ArrayBuffer>;
  if (WebAssembly.validate(bytes)) return undefined;
  try {
    new WebAssembly.Module(bytes);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^WebAssembly\.Module\(\): /, '') : String(error);
  }
}

function whyNotRunnable(manifest: ArtifactManifest, { memoryMb }: BuildOptions): string | undefined {
  const unknown = unknownImport(manifest);
  if (unknown) return unknown;
  if (manifest.memories.length === 0 && manifest.abi !== 'wasi-command')
    return `The module has no memory; ${manifest.abi} guests take their events in one.`;
  if (manifest.memories[0]?.wide)
    return `The first memory of the module has 64-bit addresses; ${manifest.abi} guests have 32-bit ones.`;
  const minimum = manifest.memories.reduce((sum, { minPages }) => sum + minPages, 0);
  if (minimum * WASM_PAGE_BYTES > memoryMb * 1024 * 1024) {
    const needed = Math.ceil((minimum * WASM_PAGE_BYTES) / (1024 * 1024));
    return `The module needs ${needed} MB of memory at start, more than the function's MemorySize of ${memoryMb} MB.`;
  }
  return undefined;
}
