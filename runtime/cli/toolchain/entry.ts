import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BuildError } from './build-error.ts';
import type { Project } from './project.ts';

/** What a folder is built from. Paths are relative to the folder. */
export type Entry =
  | { readonly kind: 'assemblyscript'; readonly file: string }
  | { readonly kind: 'c'; readonly files: readonly string[]; readonly prebuilt: string | undefined }
  | { readonly kind: 'prebuilt'; readonly file: string };

/** Finds the entry: what `isola.json` names, else assembly/index.ts, index.ts, all *.c, or the only *.wasm. */
export async function findEntry(folder: string, project: Project): Promise<Entry> {
  const names = await readdir(folder).catch(() => {
    throw new BuildError(`There is no folder ${folder}.`);
  });
  const wasm = names.filter((name) => name.endsWith('.wasm')).sort();
  if (project.entry !== undefined) return toEntry(folder, project.entry, wasm);
  for (const file of ['assembly/index.ts', 'index.ts']) {
    if (await isFile(join(folder, file))) return { kind: 'assemblyscript', file };
  }
  const c = names.filter((name) => name.endsWith('.c')).sort();
  if (c.length > 0) return { kind: 'c', files: c, prebuilt: wasm[0] };
  const [only, second] = wasm;
  if (only === undefined) {
    throw new BuildError(
      `There is nothing to build in ${folder}: it holds no assembly/index.ts, index.ts, *.c or *.wasm. \`isola init\` writes a project to start from.`,
    );
  }
  if (second !== undefined) {
    throw new BuildError(
      `${folder} holds several .wasm files (${wasm.join(', ')}): name one as "entry" in isola.json.`,
    );
  }
  return { kind: 'prebuilt', file: only };
}

async function toEntry(folder: string, file: string, wasm: readonly string[]): Promise<Entry> {
  if (!(await isFile(join(folder, file)))) throw new BuildError(`isola.json: there is no "entry" ${file}.`);
  if (file.endsWith('.ts')) return { kind: 'assemblyscript', file };
  if (file.endsWith('.c')) return { kind: 'c', files: [file], prebuilt: wasm[0] };
  return { kind: 'prebuilt', file };
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
