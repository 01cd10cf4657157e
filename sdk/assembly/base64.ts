const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function sextet(unit: i32): i32 {
  if (unit >= 0x41 && unit <= 0x5a) return unit - 0x41;
  if (unit >= 0x61 && unit <= 0x7a) return unit - 0x61 + 26;
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30 + 52;
  return unit == 0x2b ? 62 : unit == 0x2f ? 63 : -1;
}

/** Base64 with the standard alphabet and padding, as events carry binary bodies. */
export namespace base64 {
  export function encode(bytes: Uint8Array): string {
    const units = new Uint16Array(((bytes.length + 2) / 3) * 4);
    let out = 0;
    for (let at = 0; at < bytes.length; at += 3) {
      const left = bytes.length - at;
      const second = left > 1 ? <u32>bytes[at + 1] : 0;
      const third = left > 2 ? <u32>bytes[at + 2] : 0;
      const group = (<u32>bytes[at] << 16) | (second << 8) | third;
      units[out++] = <u16>ALPHABET.charCodeAt(group >> 18);
      units[out++] = <u16>ALPHABET.charCodeAt((group >> 12) & 63);
      units[out++] = left > 1 ? <u16>ALPHABET.charCodeAt((group >> 6) & 63) : 0x3d;
      units[out++] = left > 2 ? <u16>ALPHABET.charCodeAt(group & 63) : 0x3d;
    }
    return String.UTF16.decodeUnsafe(units.dataStart, out << 1);
  }

  /** The bytes, or null when `text` is not base64. Padding may be missing. */
  export function decode(text: string): Uint8Array | null {
    let end = text.length;
    if (end % 4 == 0 && end > 0 && text.charCodeAt(end - 1) == 0x3d) end--;
    if (end % 4 == 3 && end < text.length && text.charCodeAt(end - 1) == 0x3d) end--;
    if (end % 4 == 1) return null;
    const bytes = new Uint8Array((end / 4) * 3 + (end % 4 == 0 ? 0 : (end % 4) - 1));
    let out = 0;
    let buffer: u32 = 0;
    let bits = 0;
    for (let at = 0; at < end; at++) {
      const value = sextet(text.charCodeAt(at));
      if (value < 0) return null;
      buffer = (buffer << 6) | <u32>value;
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        bytes[out++] = <u8>(buffer >> bits);
      }
    }
    return bytes;
  }
}
