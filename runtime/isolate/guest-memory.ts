const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lossy = new TextDecoder();
const utf16 = new TextDecoder('utf-16le', { ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * The guest's memory 0 as host functions see it. Pointers and lengths arrive as any 32-bit pattern; a range outside of
 * the memory is `undefined`, never an exception.
 */
export class GuestMemory {
  readonly #memory: WebAssembly.Memory;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
  }

  get byteLength(): number {
    return this.#memory.buffer.byteLength;
  }

  get buffer(): ArrayBuffer {
    return this.#memory.buffer;
  }

  /** A view, valid until the guest runs again. */
  bytes(pointer: number, length: number): Uint8Array | undefined {
    const from = pointer >>> 0;
    const size = length >>> 0;
    const buffer = this.#memory.buffer;
    return from + size <= buffer.byteLength ? new Uint8Array(buffer, from, size) : undefined;
  }

  /** Text for people: what is not UTF-8 becomes U+FFFD. At most `limit` bytes are read. */
  text(pointer: number, length: number, limit: number): string | undefined {
    const bytes = this.bytes(pointer, length);
    return bytes && lossy.decode(bytes.subarray(0, limit));
  }

  /**
   * The two-step reading of sdk/README: copies what fits into (pointer, length) and answers the full size, -1 for a bad
   * range.
   */
  give(value: Uint8Array, pointer: number, length: number): number {
    const target = this.bytes(pointer, length);
    if (!target) return -1;
    target.set(value.subarray(0, Math.min(value.byteLength, target.byteLength)));
    return value.byteLength;
  }

  /** Byte length of an AssemblyScript string, which stands four bytes before it. */
  assemblyScriptStringBytes(pointer: number): number | undefined {
    const header = pointer >>> 0 >= 4 ? this.bytes((pointer >>> 0) - 4, 4) : undefined;
    return header && new DataView(header.buffer, header.byteOffset, 4).getUint32(0, true);
  }

  /** An AssemblyScript string, UTF-16, of which at most `limit` bytes are read. */
  assemblyScriptString(pointer: number, limit: number): string | undefined {
    const length = this.assemblyScriptStringBytes(pointer);
    const bytes = length === undefined ? undefined : this.bytes(pointer, length);
    return bytes && utf16.decode(bytes.subarray(0, limit));
  }
}

/** Strict: undefined when the bytes are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

export function toUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}
