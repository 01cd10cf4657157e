import { spawn } from 'node:child_process';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BuildError } from './build-error.ts';

/** A clang that targets WASI: the wasi-sdk that WASI_SDK_PATH names, else the system's with its wasi-libc. */
export interface Clang {
  readonly command: string;
  readonly flags: readonly string[];
}

/** A WASI command with a 1 MiB stack placed first, so that overflowing it traps instead of overwriting data. */
export const C_FLAGS: readonly string[] = [
  '-O2',
  '-Wall',
  '-Wl,--strip-all',
  '-Wl,--stack-first',
  '-Wl,-z,stack-size=1048576',
];

export const NO_CLANG: string =
  'Compiling C takes clang with a WASI sysroot, and this machine has none. ' +
  'Install them (Debian, Ubuntu: apt-get install clang lld wasi-libc libclang-rt-dev-wasm32), ' +
  'or set WASI_SDK_PATH to a wasi-sdk, or put the .wasm that another machine built into the folder.';

/** Answers undefined when this machine cannot compile C for WASI. */
export async function findClang(env: Readonly<Record<string, string | undefined>>): Promise<Clang | undefined> {
  const sdk = env.WASI_SDK_PATH;
  const clang: Clang = sdk
    ? {
        command: join(sdk, 'bin', 'clang'),
        flags: ['--target=wasm32-wasi', `--sysroot=${join(sdk, 'share', 'wasi-sysroot')}`],
      }
    : { command: 'clang', flags: ['--target=wasm32-wasi', '--sysroot=/usr'] };
  const libc = sdk ? join(sdk, 'share', 'wasi-sysroot', 'lib', 'wasm32-wasi', 'libc.a') : '/usr/lib/wasm32-wasi/libc.a';
  if (!(await exists(libc))) return undefined;
  const version = await run(clang.command, ['--version'], env).catch(() => undefined);
  return version?.code === 0 ? clang : undefined;
}

/** Compiles and links C files, relative to `folder`, into a WASI command. */
export async function compileC(
  clang: Clang,
  folder: string,
  files: readonly string[],
  report: (line: string) => void,
): Promise<Uint8Array> {
  const scratch = await mkdtemp(join(tmpdir(), 'isola-c-'));
  try {
    const output = join(scratch, 'module.wasm');
    const sources = files.map((file) => join(folder, file));
    const result = await run(clang.command, [...clang.flags, ...C_FLAGS, '-o', output, ...sources], process.env);
    if (result.code !== 0) throw new BuildError(`${files.join(', ')} does not compile.\n${result.said}`);
    if (result.said) report(result.said);
    return await readFile(output);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly code: number | null; readonly said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, said: Buffer.concat(chunks).toString('utf8').trim() }));
  });
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
