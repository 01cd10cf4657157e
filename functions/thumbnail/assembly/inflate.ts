import { BitReader } from "./bit-reader";
import { Huffman } from "./huffman";

// RFC 1951, 3.2.5: base values and extra bits of the length and distance codes.
const LENGTHS: StaticArray<i32> = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_BITS: StaticArray<i32> = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCES: StaticArray<i32> = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
const DISTANCE_BITS: StaticArray<i32> = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const CODE_ORDER: StaticArray<i32> = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** Inflates a zlib stream to exactly `size` bytes, or answers null. Its checksum is not looked at; PNG's own are not either. */
export function inflate(source: Uint8Array, size: i32): Uint8Array | null {
  if (source.length < 2 || (source[0] & 15) != 8 || source[1] & 32) return null;
  const bits = new BitReader(source, 2);
  const inflater = new Inflater(bits, size);
  return inflater.run() && inflater.length == size ? inflater.out : null;
}

class Inflater {
  readonly out: Uint8Array;
  length: i32 = 0;

  constructor(
    private readonly bits: BitReader,
    size: i32,
  ) {
    this.out = new Uint8Array(size);
  }

  run(): bool {
    let last = false;
    while (!last) {
      last = this.bits.take(1) == 1;
      const type = this.bits.take(2);
      const good = type == 0 ? this.stored() : type == 1 ? this.fixed() : type == 2 ? this.dynamic() : false;
      if (!good || this.bits.isPastEnd) return false;
    }
    return true;
  }

  private stored(): bool {
    this.bits.alignToByte();
    const length = this.bits.take(16);
    if (this.bits.take(16) != (length ^ 0xffff) || this.length + length > this.out.length) return false;
    for (let i = 0; i < length; i++) this.out[this.length++] = <u8>this.bits.take(8);
    return true;
  }

  private fixed(): bool {
    const lengths = new StaticArray<u8>(288);
    for (let i = 0; i < 288; i++) lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    const distances = new StaticArray<u8>(30);
    for (let i = 0; i < 30; i++) distances[i] = 5;
    return this.block(new Huffman(lengths, 0, 288), new Huffman(distances, 0, 30));
  }

  private dynamic(): bool {
    const literals = this.bits.take(5) + 257;
    const distances = this.bits.take(5) + 1;
    const codes = this.bits.take(4) + 4;
    if (literals > 286 || distances > 30) return false;
    const lengths = new StaticArray<u8>(320);
    for (let i = 0; i < codes; i++) lengths[CODE_ORDER[i]] = <u8>this.bits.take(3);
    const code = new Huffman(lengths, 0, 19);
    if (!code.isSound) return false;
    memory.fill(changetype<usize>(lengths), 0, 320);
    let at = 0;
    while (at < literals + distances) {
      const symbol = code.read(this.bits);
      if (symbol < 0 || this.bits.isPastEnd) return false;
      if (symbol < 16) {
        lengths[at++] = <u8>symbol;
        continue;
      }
      if (symbol == 16 && at == 0) return false;
      const value: u8 = symbol == 16 ? lengths[at - 1] : 0;
      const repeat = symbol == 16 ? 3 + this.bits.take(2) : symbol == 17 ? 3 + this.bits.take(3) : 11 + this.bits.take(7);
      if (at + repeat > literals + distances) return false;
      for (let i = 0; i < repeat; i++) lengths[at++] = value;
    }
    const literal = new Huffman(lengths, 0, literals);
    const distance = new Huffman(lengths, literals, distances);
    return literal.isSound && distance.isSound && this.block(literal, distance);
  }

  private block(literal: Huffman, distance: Huffman): bool {
    const out = this.out;
    while (!this.bits.isPastEnd) {
      const symbol = literal.read(this.bits);
      if (symbol == 256) return true;
      if (symbol < 0 || symbol > 285) return false;
      if (symbol < 256) {
        if (this.length >= out.length) return false;
        out[this.length++] = <u8>symbol;
        continue;
      }
      const length = LENGTHS[symbol - 257] + this.bits.take(LENGTH_BITS[symbol - 257]);
      const code = distance.read(this.bits);
      if (code < 0 || code > 29) return false;
      const back = DISTANCES[code] + this.bits.take(DISTANCE_BITS[code]);
      if (back > this.length || this.length + length > out.length) return false;
      for (let i = 0; i < length; i++, this.length++) out[this.length] = out[this.length - back];
    }
    return false;
  }
}
