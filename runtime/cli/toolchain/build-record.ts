import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';

/**
 * What a build was made of, kept as build/build.json. Contents count, not dates: a checkout or a copy does not rebuild, and a
 * file that appears where the compiler looked for one does.
 */
export interface BuildRecord {
  /** Names the compiler, its version and its flags. */
  readonly toolchain: string;
  /** sha256 of every file the build looked at, by path relative to the folder; null where there was none. */
  readonly inputs: Readonly<Record<string, string | null>>;
  /** sha256 of the output. */
  readonly output: string;
}

function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

export function createRecord(
  folder: string,
  toolchain: string,
  inputs: ReadonlyMap<string, string | Uint8Array | null>,
  output: Uint8Array,
): BuildRecord {
  const entries = [...inputs].map(([path, content]) => [
    isAbsolute(path) ? relative(folder, path) : path,
    content === null ? null : digest(content),
  ]);
  return { toolchain, inputs: Object.fromEntries(entries), output: digest(output) };
}

/** The output of an earlier build when nothing it was made of has changed; undefined otherwise. */
export async function readUnchanged(
  folder: string,
  outFile: string,
  toolchain: string,
): Promise<Uint8Array | undefined> {
  try {
    const record = JSON.parse(await readFile(recordFile(outFile), 'utf8')) as BuildRecord;
    if (record.toolchain !== toolchain) return undefined;
    for (const [path, expected] of Object.entries(record.inputs)) {
      const content = await readFile(join(folder, path)).catch(() => null);
      if ((content === null ? null : digest(content)) !== expected) return undefined;
    }
    const output = await readFile(outFile);
    return digest(output) === record.output ? output : undefined;
  } catch {
    return undefined;
  }
}

/** Writes output and record, each whole or not at all; the record last, so that it never vouches for an older output. */
export async function writeOutput(outFile: string, wasm: Uint8Array, record: BuildRecord): Promise<void> {
  await mkdir(dirname(outFile), { recursive: true });
  await writeWhole(outFile, wasm);
  await writeWhole(recordFile(outFile), `${JSON.stringify(record, null, 1)}\n`);
}

async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  await writeFile(partial, content);
  await rename(partial, path);
}

function recordFile(outFile: string): string {
  return join(dirname(outFile), 'build.json');
}
