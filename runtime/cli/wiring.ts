import type { Inspector, StartIsola, Toolchain } from './ports.ts';

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

/** What deploys look at modules with. */
export async function loadInspector(): Promise<Inspector> {
  const [{ inspectModule }, { findModule, openPackage }] = await Promise.all([
    import('../isolate/index.ts'),
    import('../registry/package.ts'),
  ]);
  return { inspectModule, openModule: async (bytes, handler) => findModule(await openPackage(bytes), handler) };
}
