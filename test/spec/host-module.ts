/** What scripts import as "spectest": https://github.com/WebAssembly/spec/tree/main/interpreter#spectest-host-module */
export function createHostModule(): WebAssembly.ModuleImports {
  const global = (value: 'i32' | 'i64' | 'f32' | 'f64', initial: number | bigint): WebAssembly.Global =>
    new WebAssembly.Global({ value, mutable: false }, initial);
  const ignore = (): void => {};
  return {
    global_i32: global('i32', 666),
    global_i64: global('i64', 666n),
    global_f32: global('f32', Math.fround(666.6)),
    global_f64: global('f64', 666.6),
    table: new WebAssembly.Table({ element: 'anyfunc', initial: 10, maximum: 20 }),
    memory: new WebAssembly.Memory({ initial: 1, maximum: 2 }),
    shared_memory: new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true }),
    print: ignore,
    print_i32: ignore,
    print_i64: ignore,
    print_f32: ignore,
    print_f64: ignore,
    print_i32_f32: ignore,
    print_f64_f64: ignore,
  };
}
