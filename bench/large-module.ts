/**
 * The largest module at hand: the compiler backend that AssemblyScript brings along, 9 MB of C++. Its package unpacks it
 * in memory as it loads, so it is taken from the engine's hand.
 */
export async function loadLargeModule(): Promise<Uint8Array> {
  const { instantiate } = WebAssembly;
  let bytes: Uint8Array | undefined;
  WebAssembly.instantiate = ((source: BufferSource | WebAssembly.Module, imports?: WebAssembly.Imports) => {
    if (source instanceof Uint8Array) bytes = source.slice();
    return instantiate(source as WebAssembly.Module, imports);
  }) as typeof WebAssembly.instantiate;
  try {
    await import('assemblyscript/asc');
  } finally {
    WebAssembly.instantiate = instantiate;
  }
  if (!bytes) throw new Error('the compiler was loaded before the bench could see its module');
  return bytes;
}
