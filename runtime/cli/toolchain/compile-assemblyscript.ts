import { readFile } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { main } from 'assemblyscript/asc';
import { BuildError } from './build-error.ts';
import { SDK_FOLDER } from './package-folder.ts';

/**
 * `-O3` without `--converge`, which saves 60 bytes and no time. The incremental runtime collects garbage while a handler runs, so
 * that memory follows what a function holds and not what it ever allocated. That costs: on the examples `minimal` is 1.3 to 1.6
 * times faster and `stub` up to 2 (8 times on hello's 8 microseconds), but neither frees anything before the handler returns.
 */
const FLAGS = ['--exportRuntime', '-O3', '--runtime', 'incremental', '--noColors'] as const;

/** Names what decides the output besides the sources, for the build record. */
export const ASSEMBLYSCRIPT_FLAGS: string = FLAGS.join(' ');

/** An entry of the SDK's, whose export the host calls. */
const RESEED = 'node_modules/isola/reseed.ts';

/** A compiled module and every file the compiler asked for; a null content means that there was none. */
export interface Compiled {
  readonly wasm: Uint8Array;
  readonly inputs: ReadonlyMap<string, string | null>;
}

/**
 * Compiles an AssemblyScript entry, relative to `folder`, in this process. The bare import "isola" means the SDK of this
 * package wherever the project lies; other bare imports are looked up in the project's node_modules as asc does.
 */
export async function compileAssemblyScript(
  folder: string,
  entry: string,
  report: (line: string) => void,
): Promise<Compiled> {
  const inputs = new Map<string, string | null>();
  const messages: string[] = [];
  let wasm: Uint8Array | undefined;
  const { error } = await main([entry, RESEED, '--outFile', 'module.wasm', ...FLAGS], {
    async readFile(name) {
      const path = toPath(folder, name);
      const content = await readFile(path, 'utf8').catch(() => null);
      inputs.set(path, content);
      return content;
    },
    writeFile(_name, contents) {
      wasm = typeof contents === 'string' ? new TextEncoder().encode(contents) : contents;
    },
    listFiles: () => null,
    stdout: { write() {} },
    stderr: { write: (text: string | Uint8Array) => messages.push(toText(text)) },
  });
  const said = messages.join('').trim();
  if (error || wasm === undefined) throw new BuildError(`${entry} does not compile.\n${said || String(error)}`);
  if (said) report(said);
  return { wasm, inputs };
}

/** asc looks for the SDK in node_modules/isola, at any depth; there it is answered from this package. */
function toPath(folder: string, name: string): string {
  const inSdk = /^(?:.*\/)?node_modules\/isola\/(.*)$/.exec(name.replaceAll('\\', '/'));
  if (inSdk) return join(SDK_FOLDER, inSdk[1] ?? '');
  return isAbsolute(name) ? name : resolve(folder, name);
}

function toText(chunk: string | Uint8Array): string {
  return typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk);
}
