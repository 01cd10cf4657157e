import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A small program that exports `run(rounds: i32): f64`, a checksum that depends on every round. */
export interface Kernel {
  readonly name: string;
  readonly wasm: Uint8Array;
}

const FOLDER = new URL('../../bench/kernels/', import.meta.url);
/** No runtime, no imports, no bounds checks: the tight loops of C, in which every added instruction shows. */
const FLAGS: readonly string[] = [
  ...['-O3', '--runtime', 'stub', '--enable', 'simd', '--uncheckedBehavior', 'always'],
  ...['--use', 'abort=', '--noColors'],
];

export async function compileKernels(): Promise<Kernel[]> {
  const kernels: Kernel[] = [];
  for (const file of readdirSync(fileURLToPath(FOLDER)).sort()) {
    kernels.push({ name: file.slice(0, -'.ts'.length), wasm: await compile(file) });
  }
  return kernels;
}

async function compile(file: string): Promise<Uint8Array> {
  const { main } = await import('assemblyscript/asc');
  let wasm: Uint8Array | undefined;
  let said = '';
  const { error } = await main([file, '--outFile', 'kernel.wasm', ...FLAGS], {
    readFile: (name) => (name === file ? readFileSync(new URL(file, FOLDER), 'utf8') : null),
    writeFile(_name, contents) {
      wasm = typeof contents === 'string' ? new TextEncoder().encode(contents) : contents;
    },
    listFiles: () => null,
    stdout: { write() {} },
    stderr: {
      write(text: string | Uint8Array) {
        said += text;
      },
    },
  });
  if (error || !wasm) throw new Error(`${file} does not compile.\n${said || error}`);
  return wasm;
}
