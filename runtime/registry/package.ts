import { LambdaError } from '../contract/errors.ts';
import { UNZIPPED_BYTES } from '../contract/limits.ts';
import { layOut, type PackageFiles, type Sharing } from './package-files.ts';

const BARE_MODULE = 'bootstrap.wasm';
const EMPTY = 'Uploaded file must be a non-empty zip';

/** Opens what a client uploaded: a zip archive, or a bare module, which counts as a package of one file. */
export async function openPackage(bytes: Uint8Array, sharing: Sharing = 'own'): Promise<PackageFiles> {
  if (bytes.length === 0) throw refused(EMPTY);
  if (bytes.length > UNZIPPED_BYTES) throw refused(`Unzipped size must be smaller than ${UNZIPPED_BYTES} bytes`);
  if (isModule(bytes)) {
    const files = layOut([[BARE_MODULE, bytes.length]], sharing);
    files.get(BARE_MODULE)?.set(bytes);
    return files;
  }
  const { readZip } = await import('./zip.ts');
  const files = await readZip(bytes, undefined, sharing);
  if (files.size === 0) throw refused(EMPTY);
  return files;
}

/**
 * The module a function runs: `bootstrap`, `bootstrap.wasm`, the handler's file (`index.handler` runs `index.wasm`), or the
 * only .wasm in the package's root; of its layers, when the package holds no .wasm, `bootstrap` or `bootstrap.wasm`.
 */
export function findModule(files: PackageFiles, handler: string, layers: PackageFiles = new Map()): Uint8Array {
  const names = ['bootstrap', BARE_MODULE, `${handlerFile(handler)}.wasm`];
  const present = names.filter((name) => files.has(name));
  const rooted = [...files.keys()].filter((name) => name.endsWith('.wasm') && !name.includes('/'));
  const candidates = present.length > 0 ? present : rooted.length === 1 ? rooted : [];
  for (const name of candidates) {
    const bytes = files.get(name);
    if (bytes !== undefined && isModule(bytes)) return bytes;
  }
  if (candidates.length === 0 && rooted.length === 0) {
    const brought = ['bootstrap', BARE_MODULE]
      .map((name) => layers.get(name))
      .find((bytes) => bytes && isModule(bytes));
    if (brought !== undefined) return brought;
  }
  if (candidates.length > 0) {
    throw refused(`${candidates.join(' and ')} in the package is not a WebAssembly module: compile for wasm32.`);
  }
  const looked = [...new Set(names)].join(', ');
  throw refused(
    rooted.length === 0
      ? `The package holds no WebAssembly module: looked for ${looked}, and a .wasm file in its root.`
      : `The package holds ${rooted.length} .wasm files in its root and none of them is ${looked}: name one of them so.`,
  );
}

function handlerFile(handler: string): string {
  const dot = handler.lastIndexOf('.');
  return dot === -1 ? handler : handler.slice(0, dot);
}

/** True for what begins as WebAssembly does. */
export function isModule(bytes: Uint8Array): boolean {
  return bytes[0] === 0x00 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d;
}

function refused(message: string): LambdaError {
  return new LambdaError('InvalidParameterValueException', message);
}
