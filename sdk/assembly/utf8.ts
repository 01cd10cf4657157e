/** Text and its UTF-8 bytes. Whatever bytes are given, `decode` answers: ill-formed ones become U+FFFD, as in browsers. */
export namespace utf8 {
  export function encode(text: string): Uint8Array {
    return Uint8Array.wrap(String.UTF8.encode(text));
  }

  export function decode(bytes: Uint8Array): string {
    // No byte becomes more than one UTF-16 unit, so this never overflows.
    const units = new Uint16Array(bytes.length);
    let length = 0;
    let at = 0;
    while (at < bytes.length) {
      const lead = <u32>bytes[at++];
      if (lead < 0x80) {
        units[length++] = <u16>lead;
        continue;
      }
      let more = lead >= 0xc2 && lead < 0xe0 ? 1 : lead >= 0xe0 && lead < 0xf0 ? 2 : lead >= 0xf0 && lead < 0xf5 ? 3 : 0;
      // The first continuation byte's range rules out overlong forms, surrogates and what is past U+10FFFF.
      let low: u32 = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
      let high: u32 = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
      let point: u32 = more == 0 ? 0xfffd : lead & (0x3f >> more);
      while (more > 0) {
        const next: u32 = at < bytes.length ? <u32>bytes[at] : 0;
        if (next < low || next > high) {
          point = 0xfffd;
          break;
        }
        point = (point << 6) | (next & 0x3f);
        low = 0x80;
        high = 0xbf;
        at++;
        more--;
      }
      if (point > 0xffff) {
        units[length++] = <u16>(0xd7c0 + (point >> 10));
        point = 0xdc00 | (point & 0x3ff);
      }
      units[length++] = <u16>point;
    }
    return String.UTF16.decodeUnsafe(units.dataStart, length << 1);
  }
}
