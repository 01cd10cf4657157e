const NAMES: Readonly<Record<string, string>> = {
  ...{ i: 'i32', I: 'i64', f: 'f32', F: 'f64' },
  ...{ V: 'v128', r: 'funcref', e: 'externref', '?': 'another reference' },
};

/** A type of the manifest, such as `ii:I`, in the words of the WebAssembly text format: `(i32, i32) -> i64`. */
export function toTypeSentence(type: string): string {
  const [params = '', results = ''] = type
    .split(':')
    .map((letters) => [...letters].map((letter) => NAMES[letter]).join(', '));
  return `(${params}) -> ${results === '' ? 'nothing' : results}`;
}

/** True when the host can call it with numbers: the boundary refuses a number for an i64 and never passes a v128. */
export function takesNumbers(type: string): boolean {
  return /^[ifFe]*:[^V]*$/.test(type);
}

/** Imports of one module by path, with their types. */
export function withModule(module: string, types: Readonly<Record<string, string>>): (readonly [string, string])[] {
  return Object.entries(types).map(([name, type]) => [`${module}.${name}`, type]);
}
