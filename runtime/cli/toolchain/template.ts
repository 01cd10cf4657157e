import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { BuildError } from './build-error.ts';
import { writeEditorConfig } from './editor-config.ts';
import { TEMPLATE_FOLDER } from './package-folder.ts';
import { parseProject } from './project.ts';

/**
 * Writes a new project named `name` into `folder`, which may exist but must be empty, and answers the files written, relative
 * to it. `isola init` does this.
 */
export async function writeTemplate(folder: string, name: string): Promise<readonly string[]> {
  parseProject(JSON.stringify({ name }), name);
  const present = await readdir(folder).catch(() => []);
  if (present.length > 0) throw new BuildError(`${folder} is not empty: nothing was written.`);
  const written: string[] = [];
  for (const source of await filesUnder(TEMPLATE_FOLDER)) {
    // npm leaves files named .gitignore out of packages, so the template's has no dot.
    const file = relative(TEMPLATE_FOLDER, source).replace(/^gitignore$/, '.gitignore');
    await mkdir(dirname(join(folder, file)), { recursive: true });
    const content = await readFile(source, 'utf8');
    await writeFile(join(folder, file), content.replaceAll('my-function', name), { flag: 'wx' });
    written.push(file);
  }
  await writeEditorConfig(folder);
  return written.sort();
}

async function filesUnder(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
