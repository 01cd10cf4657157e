/** Assembles modules from bytes, for forms that no text parser here knows. */
export interface ModuleParts {
  /** Entries of the type section, each as its bytes. */
  readonly types: readonly (readonly number[])[];
  /** Function by function: its type, what it is exported as, its locals (entries, each as its bytes) and its code. */
  readonly functions?: readonly FunctionParts[];
  readonly tables?: readonly (readonly number[])[];
  readonly memories?: readonly (readonly number[])[];
  readonly globals?: readonly (readonly number[])[];
  readonly tags?: readonly (readonly number[])[];
  readonly elements?: readonly (readonly number[])[];
  readonly data?: readonly (readonly number[])[];
}

export interface FunctionParts {
  readonly type: number;
  readonly name?: string;
  readonly locals?: readonly (readonly number[])[];
  readonly code: readonly number[];
}

export function toModule(parts: ModuleParts): Uint8Array {
  const {
    types,
    functions = [],
    tables = [],
    memories = [],
    globals = [],
    tags = [],
    elements = [],
    data = [],
  } = parts;
  const exported = functions.flatMap(({ name }, index) =>
    name === undefined ? [] : [[...text(name), 0, ...unsigned(index)]],
  );
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(
      3,
      functions.map(({ type }) => unsigned(type)),
    ),
    ...section(4, tables),
    ...section(5, memories),
    ...section(13, tags),
    ...section(6, globals),
    ...section(7, exported),
    ...section(9, elements),
    ...(data.length > 0 ? [12, 1, data.length] : []),
    ...section(10, functions.map(toBody)),
    ...section(11, data),
  ]);
}

/** Unsigned LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return bytes;
}

/** Signed LEB128 of a 32-bit integer. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    const low = rest & 0x7f;
    if (rest >> 6 === 0 || rest >> 6 === -1) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

function text(value: string): number[] {
  const bytes = new TextEncoder().encode(value);
  return [...unsigned(bytes.length), ...bytes];
}

function section(id: number, entries: readonly (readonly number[])[]): number[] {
  if (entries.length === 0) return [];
  const content = [...unsigned(entries.length), ...entries.flat()];
  return [id, ...unsigned(content.length), ...content];
}

function toBody({ locals = [], code }: FunctionParts): number[] {
  const content = [...unsigned(locals.length), ...locals.flat(), ...code, 0x0b];
  return [...unsigned(content.length), ...content];
}
