import { fail, Json } from "isola";

/** Sixty megabytes of sieve, within the default memory. */
const LARGEST_LIMIT: i64 = 1_000_000_000;

/** Counts the primes up to `{"limit": n}` and names the largest. */
export function handler(event: string): string {
  const limit = Json.parse(event).get("limit").integerOr(-1);
  if (limit < 0 || limit > LARGEST_LIMIT) fail("RangeError", `"limit" must be a whole number from 0 to ${LARGEST_LIMIT}.`);

  // Bit i stands for 2i + 1 and is set when that is composite.
  const size = <i32>((limit + 1) / 2);
  const composite = new StaticArray<u64>((size >> 6) + 1);
  for (let i = 1; 2 * <i64>i * (<i64>i + 1) < size; i++) {
    if (composite[i >> 6] & (1 << (<u64>i & 63))) continue;
    const step = 2 * i + 1;
    for (let k = 2 * i * (i + 1); k < size; k += step) composite[k >> 6] |= 1 << (<u64>k & 63);
  }

  let count = limit >= 2 ? 1 : 0;
  let largest = limit >= 2 ? 2 : 0;
  for (let i = 1; i < size; i++) {
    if (composite[i >> 6] & (1 << (<u64>i & 63))) continue;
    count++;
    largest = 2 * i + 1;
  }
  return Json.object().set("limit", limit).set("count", count).set("largest", largest).toString();
}
