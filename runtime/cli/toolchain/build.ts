import { readdir, readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { version } from 'assemblyscript/asc';
import { BuildError } from './build-error.ts';
import { createRecord, readUnchanged, writeOutput } from './build-record.ts';
import { ASSEMBLYSCRIPT_FLAGS, compileAssemblyScript } from './compile-assemblyscript.ts';
import { C_FLAGS, type Clang, compileC, findClang, NO_CLANG } from './compile-c.ts';
import { writeEditorConfig } from './editor-config.ts';
import { findEntry } from './entry.ts';
import { readProject } from './project.ts';

/** A function ready to be packed: put `wasm` into a zip as `bootstrap.wasm`, or upload it bare. */
export interface BuiltFunction {
  readonly wasm: Uint8Array;
  /** Lambda's Handler. */
  readonly handler: string;
  /** Where the module lies: build/<name>.wasm of the folder, or the prebuilt file itself. */
  readonly outFile: string;
}

/**
 * Turns a project folder into a module. AssemblyScript is compiled in this process, C by clang, and a prebuilt .wasm is taken
 * as it is. Nothing is compiled again while what an earlier build was made of is unchanged. `report` hears one line per
 * step and the compiler's warnings. Throws a BuildError, whose message is for the user.
 */
export async function buildFunction(folder: string, report: (line: string) => void): Promise<BuiltFunction> {
  const root = resolve(folder);
  const project = await readProject(root);
  const entry = await findEntry(root, project);
  const outFile = join(root, 'build', `${project.name}.wasm`);
  if (entry.kind === 'assemblyscript') {
    await writeEditorConfig(root);
    const toolchain = `asc ${version} ${ASSEMBLYSCRIPT_FLAGS} ${entry.file}`;
    const wasm = await buildOnce(root, outFile, toolchain, report, () =>
      compileAssemblyScript(root, entry.file, report),
    );
    return { wasm, handler: project.handler, outFile };
  }
  if (entry.kind === 'c') {
    const clang = await findClang(process.env);
    if (clang) {
      const toolchain = [clang.command, ...clang.flags, ...C_FLAGS, ...entry.files].join(' ');
      const wasm = await buildOnce(root, outFile, toolchain, report, () =>
        compileSources(clang, root, entry.files, report),
      );
      return { wasm, handler: project.handler, outFile };
    }
    if (entry.prebuilt === undefined) throw new BuildError(NO_CLANG);
  }
  const file = entry.kind === 'c' ? join(root, entry.prebuilt ?? '') : join(root, entry.file);
  report(`${file} is taken as it is.`);
  return { wasm: await readFile(file), handler: project.handler, outFile: file };
}

interface Made {
  readonly wasm: Uint8Array;
  readonly inputs: ReadonlyMap<string, string | Uint8Array | null>;
}

async function buildOnce(
  root: string,
  outFile: string,
  toolchain: string,
  report: (line: string) => void,
  make: () => Promise<Made>,
): Promise<Uint8Array> {
  const unchanged = await readUnchanged(root, outFile, toolchain);
  if (unchanged) {
    report(`${outFile} is up to date.`);
    return unchanged;
  }
  report(`compiling ${relative(process.cwd(), root) || root}`);
  const { wasm, inputs } = await make();
  await writeOutput(outFile, wasm, createRecord(root, toolchain, inputs, wasm));
  report(`${outFile} is built: ${wasm.byteLength.toLocaleString('en')} bytes.`);
  return wasm;
}

/** Headers count as inputs too: all that lie beside the sources. */
async function compileSources(
  clang: Clang,
  root: string,
  files: readonly string[],
  report: (line: string) => void,
): Promise<Made> {
  const headers = (await readdir(root)).filter((name) => name.endsWith('.h'));
  const inputs = new Map<string, Uint8Array>();
  for (const name of [...files, ...headers]) inputs.set(name, await readFile(join(root, name)));
  return { wasm: await compileC(clang, root, files, report), inputs };
}
