import { BitReader } from "./bit-reader";

/** A canonical Huffman code (RFC 1951, 3.2.2), read bit by bit: small and plain rather than fast. */
export class Huffman {
  /** Codes per length, and symbols in the order of their codes. */
  private readonly counts: StaticArray<u16> = new StaticArray<u16>(16);
  private readonly symbols: StaticArray<u16>;

  constructor(lengths: StaticArray<u8>, start: i32, count: i32) {
    this.symbols = new StaticArray<u16>(count);
    const counts = this.counts;
    for (let i = 0; i < count; i++) counts[lengths[start + i]]++;
    counts[0] = 0;
    const offsets = new StaticArray<u16>(16);
    for (let length = 1; length < 15; length++) offsets[length + 1] = offsets[length] + counts[length];
    for (let i = 0; i < count; i++) {
      const length = lengths[start + i];
      if (length > 0) this.symbols[offsets[length]++] = <u16>i;
    }
  }

  /** False when there are more codes than fit. */
  get isSound(): bool {
    let left = 1;
    for (let length = 1; length < 16; length++) {
      left = (left << 1) - <i32>this.counts[length];
      if (left < 0) return false;
    }
    return true;
  }

  /** The next symbol, or -1 when no code matches. */
  read(bits: BitReader): i32 {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length < 16; length++) {
      code |= bits.take(1);
      const count = <i32>this.counts[length];
      if (code - first < count) return this.symbols[index + code - first];
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    return -1;
  }
}
