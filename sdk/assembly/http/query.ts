import { utf8 } from "../utf8";

function hexDigit(unit: i32): i32 {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** Undoes percent-encoding; a `%` that starts no escape stands for itself. `plus` is what `+` stands for. */
export function percentDecode(text: string, plus: string = "+"): string {
  if (!text.includes("%") && !text.includes("+")) return text;
  const source = utf8.encode(plus == "+" ? text : text.replaceAll("+", plus));
  const bytes = new Uint8Array(source.length);
  let length = 0;
  for (let at = 0; at < source.length; at++) {
    if (source[at] == 0x25 && at + 2 < source.length) {
      const high = hexDigit(source[at + 1]);
      const low = hexDigit(source[at + 2]);
      if (high >= 0 && low >= 0) {
        bytes[length++] = <u8>((high << 4) | low);
        at += 2;
        continue;
      }
    }
    bytes[length++] = source[at];
  }
  return utf8.decode(bytes.subarray(0, length));
}

/** Every value of `name` in a query string or a form body, decoded, in order. */
export function queryValues(query: string, name: string): string[] {
  const values: string[] = [];
  const pairs = query.split("&");
  for (let i = 0; i < pairs.length; i++) {
    const pair = pairs[i];
    if (pair.length == 0) continue;
    const equals = pair.indexOf("=");
    const key = equals < 0 ? pair : pair.substring(0, equals);
    if (percentDecode(key, " ") != name) continue;
    values.push(equals < 0 ? "" : percentDecode(pair.substring(equals + 1), " "));
  }
  return values;
}
