// @ts-ignore: decorator
@inline
function isDigit(text: string, at: i32): bool {
  return at < text.length && text.charCodeAt(at) >= 0x30 && text.charCodeAt(at) <= 0x39;
}

// @ts-ignore: decorator
@inline
function isOneOf(text: string, at: i32, one: i32, other: i32): bool {
  return at < text.length && (text.charCodeAt(at) == one || text.charCodeAt(at) == other);
}

/** Where the number that starts at `start` ends, or -1 when RFC 8259 knows no such number. */
export function scanNumber(text: string, start: i32): i32 {
  let at = start;
  if (isOneOf(text, at, 0x2d, 0x2d)) at++;
  if (!isDigit(text, at)) return -1;
  if (text.charCodeAt(at) == 0x30) {
    at++;
    if (isDigit(text, at)) return -1;
  }
  while (isDigit(text, at)) at++;
  if (isOneOf(text, at, 0x2e, 0x2e)) {
    at++;
    if (!isDigit(text, at)) return -1;
    while (isDigit(text, at)) at++;
  }
  if (isOneOf(text, at, 0x65, 0x45)) {
    at++;
    if (isOneOf(text, at, 0x2b, 0x2d)) at++;
    if (!isDigit(text, at)) return -1;
    while (isDigit(text, at)) at++;
  }
  return at;
}
