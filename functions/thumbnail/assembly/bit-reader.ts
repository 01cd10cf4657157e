/** Takes bits from bytes, the lowest first. Past the end there are zeros, and `isPastEnd` says so. */
export class BitReader {
  private buffer: u32 = 0;
  private count: i32 = 0;
  private padding: i32 = 0;

  constructor(
    private readonly source: Uint8Array,
    private at: i32,
  ) {}

  /** Up to 16 bits. */
  take(count: i32): i32 {
    while (this.count < count) {
      if (this.at < this.source.length) this.buffer |= <u32>this.source[this.at++] << this.count;
      else this.padding += 8;
      this.count += 8;
    }
    const bits = this.buffer & ((1 << count) - 1);
    this.buffer >>= count;
    this.count -= count;
    return bits;
  }

  alignToByte(): void {
    this.take(this.count & 7);
  }

  get isPastEnd(): bool {
    return this.padding > this.count;
  }
}
