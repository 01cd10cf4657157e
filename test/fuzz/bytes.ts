/** The binary format's numbers, names and vectors, as arrays of bytes. Written apart from the rewriter's own. */
export function u(value: number): number[] {
  const out: number[] = [];
  let left = value;
  do {
    const byte = left % 128;
    left = Math.floor(left / 128);
    out.push(left > 0 ? byte | 0x80 : byte);
  } while (left > 0);
  return out;
}

export function s(value: number | bigint): number[] {
  const out: number[] = [];
  let left = BigInt(value);
  for (;;) {
    const byte = Number(left & 0x7fn);
    left >>= 7n;
    if ((left === 0n && !(byte & 0x40)) || (left === -1n && byte & 0x40)) return [...out, byte];
    out.push(byte | 0x80);
  }
}

export function f32(value: number): number[] {
  return [...new Uint8Array(new Float32Array([value]).buffer)];
}

export function f64(value: number): number[] {
  return [...new Uint8Array(new Float64Array([value]).buffer)];
}

export function text(value: string): number[] {
  return sized([...new TextEncoder().encode(value)]);
}

export function sized(content: readonly number[]): number[] {
  return [...u(content.length), ...content];
}

export function vector(entries: readonly (readonly number[])[]): number[] {
  return [...u(entries.length), ...entries.flat()];
}

/** A section, or nothing where it would hold no entry. */
export function section(id: number, entries: readonly (readonly number[])[]): number[] {
  return entries.length === 0 ? [] : [id, ...sized(vector(entries))];
}
