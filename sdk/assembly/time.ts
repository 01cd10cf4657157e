import { hostClock } from "./host";

/** The host's clocks, a millisecond coarse. Read them in the handler: initialisation's reading repeats in every invocation. */
export namespace time {
  /** Milliseconds since the Unix epoch. */
  export function now(): i64 {
    return hostClock(0) / 1_000_000;
  }

  /** Nanoseconds since an arbitrary moment; never goes back. */
  export function monotonic(): i64 {
    return hostClock(1);
  }
}
