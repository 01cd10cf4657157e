import { hostRandom } from "./host";

/** What the host fills in one call. */
const CHUNK = 65_536;

function fill(ptr: usize, length: i32): void {
  for (let done = 0; done < length; done += CHUNK) {
    if (hostRandom(ptr + done, min(CHUNK, length - done)) < 0) throw new Error("the host gave no random bytes");
  }
}

/** Cryptographically strong randomness. Draw it in the handler: what initialisation draws repeats in every invocation. */
export namespace random {
  export function bytes(length: i32): Uint8Array {
    const result = new Uint8Array(length);
    fill(result.dataStart, length);
    return result;
  }

  export function uint32(): u32 {
    const cell = new StaticArray<u32>(1);
    fill(changetype<usize>(cell), 4);
    return cell[0];
  }

  /** At least 0, less than 1, with 53 random bits. */
  export function float64(): f64 {
    const cell = new StaticArray<u64>(1);
    fill(changetype<usize>(cell), 8);
    return <f64>(cell[0] >> 11) * (1.0 / 9_007_199_254_740_992.0);
  }

  /** A version 4 UUID, lower case. */
  export function uuid(): string {
    const raw = bytes(16);
    raw[6] = (raw[6] & 0x0f) | 0x40;
    raw[8] = (raw[8] & 0x3f) | 0x80;
    let text = "";
    for (let i = 0; i < 16; i++) {
      if (i == 4 || i == 6 || i == 8 || i == 10) text += "-";
      text += (<i32>raw[i]).toString(16).padStart(2, "0");
    }
    return text;
  }
}
