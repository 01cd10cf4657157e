/**
 * Gives Math.random another seed. The host calls it before an invocation whenever initialisation drew random numbers, which
 * every restored isolate would repeat otherwise. Compiled into every module, as an entry beside the function's own.
 */
export function isola_reseed(seed: i64): void {
  Math.seedRandom(seed);
}
