import type { StartIsola, Toolchain } from './ports.ts';

/** The compilers, loaded when a command needs them: they are large. */
export async function loadToolchain(): Promise<Toolchain> {
  const [build, project, template] = await Promise.all([
    load<Pick<Toolchain, 'buildFunction'>>('./toolchain/build.js'),
    load<Pick<Toolchain, 'readProject'>>('./toolchain/project.js'),
    load<Pick<Toolchain, 'writeTemplate'>>('./toolchain/template.js'),
  ]);
  return {
    buildFunction: build.buildFunction,
    readProject: project.readProject,
    writeTemplate: template.writeTemplate,
  };
}

/** The server, loaded only to serve: a client command should not wait for threads and a database. It ends on signals. */
export async function loadServer(): Promise<StartIsola> {
  return (await import('../main.ts')).serve;
}

async function load<T>(path: string): Promise<T> {
  return (await import(new URL(path, import.meta.url).href)) as T;
}
