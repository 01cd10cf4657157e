import { WasmRefused } from './refused.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads a window of a module. Every read is bounded: past the window's end it throws WasmRefused. */
export class Reader {
  readonly bytes: Uint8Array;
  offset: number;
  end: number;

  constructor(bytes: Uint8Array, offset: number, end: number) {
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
  }

  get done(): boolean {
    return this.offset >= this.end;
  }

  byte(): number {
    if (this.offset >= this.end) throw new WasmRefused('unexpected end', this.offset);
    return this.bytes[this.offset++]!;
  }

  skip(count: number): void {
    if (count > this.end - this.offset) throw new WasmRefused('unexpected end', this.end);
    this.offset += count;
  }

  /** Unsigned LEB128 of at most 32 bits. */
  u32(): number {
    const first = this.byte();
    return first < 0x80 ? first : this.#longU32(first);
  }

  /** Unsigned LEB128 of at most 64 bits, rounded where a double cannot hold it. */
  u64(): number {
    let value = 0;
    for (let scale = 1, count = 0; count < 10; count++, scale *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new WasmRefused('an integer longer than 64 bits', this.offset);
  }

  /** Signed LEB128 of at most 33 bits, the type of a block. */
  s33(): number {
    let value = 0;
    for (let scale = 1, count = 0; count < 5; count++, scale *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return byte & 0x40 ? value - scale * 128 : value;
    }
    throw new WasmRefused('an integer longer than 33 bits', this.offset);
  }

  /** Signed LEB128 of at most 32 bits. */
  s32(): number {
    return this.s33() | 0;
  }

  /** Steps over one LEB128 of at most `maxBytes` bytes. */
  skipLeb(maxBytes: number): void {
    for (let count = 0; count < maxBytes; count++) {
      if (this.byte() < 0x80) return;
    }
    throw new WasmRefused('an integer that is too long', this.offset);
  }

  name(): string {
    const length = this.u32();
    const start = this.offset;
    this.skip(length);
    try {
      return UTF8.decode(this.bytes.subarray(start, this.offset));
    } catch {
      throw new WasmRefused('a name that is not UTF-8', start);
    }
  }

  /** A count of things that take at least one byte each, so that a lie about it cannot cost memory. */
  count(what: string): number {
    const at = this.offset;
    const count = this.u32();
    if (count > this.end - this.offset) throw new WasmRefused(`more ${what} than bytes`, at);
    return count;
  }

  #longU32(first: number): number {
    let value = first & 0x7f;
    for (let shift = 7; shift <= 28; shift += 7) {
      const byte = this.byte();
      if (shift === 28 && byte > 0x0f) break;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new WasmRefused('an integer longer than 32 bits', this.offset);
  }
}
