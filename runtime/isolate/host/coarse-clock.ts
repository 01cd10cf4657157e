/** Guests see milliseconds: a finer clock would help them to spy on caches they share with their neighbours. */
const NANOSECONDS = 1_000_000n;

/** Nanoseconds since the Unix epoch, a whole number of milliseconds. */
export function realtimeNanoseconds(): bigint {
  return BigInt(Date.now()) * NANOSECONDS;
}

/** Nanoseconds since some fixed point, a whole number of milliseconds. */
export function monotonicNanoseconds(): bigint {
  return BigInt(Math.floor(performance.now())) * NANOSECONDS;
}
