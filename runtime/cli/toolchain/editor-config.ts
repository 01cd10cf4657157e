import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { SDK_FOLDER } from './package-folder.ts';

/**
 * Writes build/tsconfig.json, which a project's own tsconfig.json extends: it tells an editor where AssemblyScript's types and
 * the module "isola" lie on this machine. It is generated because that differs from machine to machine.
 */
export async function writeEditorConfig(folder: string): Promise<void> {
  const assemblyScript = dirname(createRequire(import.meta.url).resolve('assemblyscript/package.json'));
  const config = {
    extends: join(assemblyScript, 'std', 'assembly.json'),
    compilerOptions: {
      paths: { isola: [join(SDK_FOLDER, 'index.ts')], '*': [join(assemblyScript, 'std', 'assembly', '*')] },
    },
    include: ['../**/*.ts'],
  };
  await mkdir(join(folder, 'build'), { recursive: true });
  await writeFile(join(folder, 'build', 'tsconfig.json'), `${JSON.stringify(config, null, 2)}\n`);
}
