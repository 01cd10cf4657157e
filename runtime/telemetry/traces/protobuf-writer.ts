const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;
const FIRST_BYTES = 64 * 1024;
/** A length below this is one byte. */
const SHORT = 128;
/** A varint of 64 bits. */
const LONGEST_VARINT = 10;
/** Room for the length of a message that is still to be written: up to 256 MiB. */
const LENGTH_BYTES = 4;

/** Writes protobuf, field by field, from the front to the back of one buffer. */
export class ProtobufWriter {
  #buffer = Buffer.allocUnsafe(FIRST_BYTES);
  #end = 0;

  finish(): Uint8Array {
    return this.#buffer.subarray(0, this.#end);
  }

  /** Begins a field that is a message; answers what ends it. */
  begin(field: number): number {
    this.#tag(field, BYTES);
    return this.#reserve(LENGTH_BYTES);
  }

  /** What was written since is the message. */
  end(begun: number): void {
    const length = this.#end - begun - LENGTH_BYTES;
    const buffer = this.#buffer;
    // A varint may be longer than it need be: each of its bytes but the last says that there are more.
    buffer[begun] = (length & 0x7f) | 0x80;
    buffer[begun + 1] = ((length >>> 7) & 0x7f) | 0x80;
    buffer[begun + 2] = ((length >>> 14) & 0x7f) | 0x80;
    buffer[begun + 3] = (length >>> 21) & 0x7f;
  }

  text(field: number, value: string): void {
    this.#tag(field, BYTES);
    if (value.length < SHORT && this.#shortText(value)) return;
    const bytes = Buffer.byteLength(value);
    this.#varint(bytes);
    const at = this.#reserve(bytes);
    this.#buffer.write(value, at, 'utf8');
  }

  /** A text of few characters, each a byte: to write them one by one costs less than to ask how many there are. */
  #shortText(value: string): boolean {
    const { length } = value;
    const at = this.#reserve(length + 1);
    const buffer = this.#buffer;
    buffer[at] = length;
    for (let index = 0; index < length; index++) {
      const code = value.charCodeAt(index);
      if (code > 0x7f) {
        this.#end = at;
        return false;
      }
      buffer[at + 1 + index] = code;
    }
    return true;
  }

  /** Bytes as hexadecimal digits. */
  hex(field: number, digits: string): void {
    const bytes = digits.length / 2;
    this.#tag(field, BYTES);
    this.#varint(bytes);
    const at = this.#reserve(bytes);
    this.#buffer.write(digits, at, 'hex');
  }

  /** An integer, of a type that has its sign in 64 bits. */
  varint(field: number, value: number): void {
    this.#tag(field, VARINT);
    this.#varint(value);
  }

  fixed32(field: number, value: number): void {
    this.#tag(field, FIXED32);
    const at = this.#reserve(4);
    this.#buffer.writeUInt32LE(value, at);
  }

  fixed64(field: number, value: bigint): void {
    this.#tag(field, FIXED64);
    const at = this.#reserve(8);
    this.#buffer.writeBigUInt64LE(value, at);
  }

  double(field: number, value: number): void {
    this.#tag(field, FIXED64);
    const at = this.#reserve(8);
    this.#buffer.writeDoubleLE(value, at);
  }

  #tag(field: number, type: number): void {
    this.#varint(field * 8 + type);
  }

  #varint(value: number): void {
    const at = this.#reserve(LONGEST_VARINT);
    let end = at;
    if (value >= 0 && value < 0x80) {
      this.#buffer[at] = value;
      this.#end = at + 1;
      return;
    }
    if (value < 0) {
      let rest = BigInt.asUintN(64, BigInt(value));
      for (; rest > 0x7fn; rest >>= 7n) this.#buffer[end++] = Number(rest & 0x7fn) | 0x80;
      this.#buffer[end++] = Number(rest);
    } else {
      let rest = value;
      for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.#buffer[end++] = (rest % 128) | 0x80;
      this.#buffer[end++] = rest;
    }
    this.#end = end;
  }

  /** Where the next bytes go; makes room for them. */
  #reserve(bytes: number): number {
    const at = this.#end;
    this.#end += bytes;
    if (this.#end > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(2 * this.#end);
      this.#buffer.copy(larger, 0, 0, at);
      this.#buffer = larger;
    }
    return at;
  }
}
