import type { StartIsola, Toolchain } from './ports.ts';

/** The compilers, loaded when a command needs them: they are large. */
export async function loadToolchain(): Promise<Toolchain> {
  const [{ buildFunction }, { readProject }, { writeTemplate }] = await Promise.all([
    import('./toolchain/build.ts'),
    import('./toolchain/project.ts'),
    import('./toolchain/template.ts'),
  ]);
  return { buildFunction, readProject, writeTemplate };
}

/** The server, loaded only to serve: a client command should not wait for threads and a database. It ends on signals. */
export async function loadServer(): Promise<StartIsola> {
  return (await import('../main.ts')).serve;
}
