import type { Abi, ModuleShape } from '../../contract/artifact.ts';
import { withModule } from '../function-types.ts';
import { SIGNATURES, WASI_NAMES } from '../wasi/index.ts';
import { createAssemblyScriptAbi } from './assemblyscript.ts';
import { ASSEMBLYSCRIPT_IMPORTS } from './assemblyscript-imports.ts';
import { createBufferAbi } from './buffer.ts';
import type { AbiHost, GuestAbi } from './guest-abi.ts';
import { createWasiCommandAbi } from './wasi-command.ts';

export { type AbiHost, functionExport, type GuestAbi, handlerExport } from './guest-abi.ts';

/** Recognises the ABI by what the module exports and imports (sdk/README); undefined when it speaks none. */
export function recogniseAbi(shape: Pick<ModuleShape, 'imports' | 'exports'>): Abi | undefined {
  const exported = new Set(shape.exports.filter(({ kind }) => kind === 'function').map(({ name }) => name));
  if (exported.has('__new') && exported.has('__pin') && exported.has('__unpin')) return 'assemblyscript';
  if (exported.has('isola_alloc')) return 'buffer';
  const wasi = shape.imports.some(({ module }) => module === 'wasi_snapshot_preview1');
  return exported.has('_start') && (wasi || shape.imports.length === 0) ? 'wasi-command' : undefined;
}

export function createAbi(abi: Abi, host: AbiHost): GuestAbi {
  switch (abi) {
    case 'assemblyscript':
      return createAssemblyScriptAbi(host);
    case 'buffer':
      return createBufferAbi(host);
    case 'wasi-command':
      return createWasiCommandAbi(host);
  }
}

/** Function imports that a kind of guest may have beside the module `isola`: `module.name` and type. */
export function abiImports(abi: Abi): readonly (readonly [string, string])[] {
  switch (abi) {
    case 'assemblyscript':
      return withModule('env', ASSEMBLYSCRIPT_IMPORTS);
    case 'buffer':
    case 'wasi-command':
      return WASI_IMPORTS;
  }
}

const WASI_IMPORTS = withModule(
  'wasi_snapshot_preview1',
  Object.fromEntries(WASI_NAMES.map((name) => [name, `${SIGNATURES[name]}:${name === 'proc_exit' ? '' : 'i'}`])),
);
