// Sieve of Eratosthenes over bytes: a one-store inner loop whose step is no constant.
const N = 16384;
const composite = new StaticArray<u8>(N);

export function run(rounds: i32): f64 {
  let primes = 0;
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < N; i++) composite[i] = 0;
    for (let i = 2; i * i < N; i++) {
      if (composite[i]) continue;
      for (let j = i * i; j < N; j += i) composite[j] = 1;
    }
    for (let i = 2 + (round & 1); i < N; i++) {
      if (!composite[i]) primes++;
    }
  }
  return <f64>primes;
}
