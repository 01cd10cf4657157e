const LONGEST_RUN = 258;

/** A zlib stream of fixed Huffman codes that finds runs of one pixel: a few lines for most of what deflate saves here. */
export function deflate(source: Uint8Array): Uint8Array {
  const writer = new BitWriter(source.length + (source.length >> 3) + 16);
  writer.put(0x0178, 16);
  writer.put(0b011, 3);
  let at = 0;
  while (at < source.length) {
    const run = runAt(source, at);
    if (run >= 3) {
      writer.length(run);
      // Distance 4, one pixel back: code 3 of five bits, reversed.
      writer.put(0b11000, 5);
      at += run;
    } else {
      writer.symbol(source[at++]);
    }
  }
  writer.symbol(256);
  return writer.end(adler32(source));
}

/** How many bytes from `at` on repeat those of a pixel before. */
function runAt(source: Uint8Array, at: i32): i32 {
  if (at < 4) return 0;
  let run = 0;
  while (run < LONGEST_RUN && at + run < source.length && source[at + run] == source[at + run - 4]) run++;
  return run;
}

function adler32(source: Uint8Array): u32 {
  let low: u32 = 1;
  let high: u32 = 0;
  for (let i = 0; i < source.length; i++) {
    low = (low + source[i]) % 65521;
    high = (high + low) % 65521;
  }
  return (high << 16) | low;
}

class BitWriter {
  private readonly out: Uint8Array;
  private size: i32 = 0;
  private buffer: u32 = 0;
  private count: i32 = 0;

  constructor(capacity: i32) {
    this.out = new Uint8Array(capacity);
  }

  /** Up to 16 bits, the lowest first. */
  put(bits: u32, count: i32): void {
    this.buffer |= bits << this.count;
    this.count += count;
    while (this.count >= 8) {
      this.out[this.size++] = <u8>this.buffer;
      this.buffer >>= 8;
      this.count -= 8;
    }
  }

  /** A literal or length symbol in the fixed code (RFC 1951, 3.2.6), the highest bit first. */
  symbol(symbol: i32): void {
    if (symbol < 144) this.code(0x30 + symbol, 8);
    else if (symbol < 256) this.code(0x190 + symbol - 144, 9);
    else if (symbol < 280) this.code(symbol - 256, 7);
    else this.code(0xc0 + symbol - 280, 8);
  }

  /** A run's length, 3 to 258: a symbol and extra bits. */
  length(length: i32): void {
    if (length == LONGEST_RUN) return this.symbol(285);
    const offset = length - 3;
    const extra = offset < 8 ? 0 : 29 - clz(offset);
    this.symbol(257 + (extra << 2) + (offset >> extra));
    this.put(offset & ((1 << extra) - 1), extra);
  }

  end(checksum: u32): Uint8Array {
    this.put(0, (8 - this.count) & 7);
    store<u32>(this.out.dataStart + this.size, bswap(checksum));
    return this.out.subarray(0, this.size + 4);
  }

  private code(code: u32, count: i32): void {
    let reversed: u32 = 0;
    for (let i = 0; i < count; i++) reversed |= ((code >> i) & 1) << (count - 1 - i);
    this.put(reversed, count);
  }
}
