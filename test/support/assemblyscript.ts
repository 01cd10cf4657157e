import { main } from 'assemblyscript/asc';

/** Compiles AssemblyScript text as `isola build` would, without the SDK. */
export async function compileAssemblyScript(source: string): Promise<Uint8Array> {
  let wasm: Uint8Array | undefined;
  const { error, stderr } = await main(['index.ts', '--exportRuntime', '-O3', '--outFile', 'out.wasm'], {
    readFile: (name) => (name === 'index.ts' ? source : null),
    writeFile: (name, contents) => {
      if (name === 'out.wasm') wasm = contents as Uint8Array;
    },
    listFiles: () => [],
  });
  if (error || !wasm) throw error ?? new Error(stderr.toString());
  return wasm;
}
