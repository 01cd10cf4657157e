/** The largest batch has fewer: 10,000 log events of two members each. */
const MOST_VALUES = 50_000;
/** Texts longer than this are searched, not walked through. */
const STRIDE = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** What begins a value that is not the first of its list: a comma, and the two brackets that open. */
const BEGINNINGS: ReadonlySet<number> = new Set([0x2c, 0x5b, 0x7b]);

/**
 * True of JSON with more values than any request has: to read it would hold up everyone else for longer than its length says.
 * Looks at bytes alone; what is no JSON has as many as it looks like.
 */
export function hasTooManyValues(body: Uint8Array): boolean {
  if (body.length <= MOST_VALUES) return false;
  let values = 0;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at] as number;
    if (byte === QUOTE) at = endOfText(body, at + 1);
    else if (BEGINNINGS.has(byte)) values += 1;
    if (values > MOST_VALUES) return true;
  }
  return false;
}

/** Where the quote is that ends the text, or the body's end. */
function endOfText(body: Uint8Array, from: number): number {
  let quote = from - 1;
  for (let at = from; at < body.length; ) {
    for (const pause = Math.min(at + STRIDE, body.length); at < pause; at++) {
      if (body[at] === QUOTE) return at;
      if (body[at] === BACKSLASH) at += 1;
    }
    if (quote < at) quote = body.indexOf(QUOTE, at);
    if (quote === -1) return body.length;
    const slash = body.subarray(at, quote).indexOf(BACKSLASH);
    at = slash === -1 ? quote : at + slash;
  }
  return body.length;
}
