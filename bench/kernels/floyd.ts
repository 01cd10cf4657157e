// All shortest paths: an inner loop of two loads, a comparison and a store.
const N = 48;
const distance = new StaticArray<i32>(N * N);

export function run(rounds: i32): f64 {
  let sum: f64 = 0;
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < N * N; i++) distance[i] = ((i * 7919 + round) % 997) + 1;
    for (let k = 0; k < N; k++) {
      for (let i = 0; i < N; i++) {
        const toK = distance[i * N + k];
        for (let j = 0; j < N; j++) {
          const around = toK + distance[k * N + j];
          if (around < distance[i * N + j]) distance[i * N + j] = around;
        }
      }
    }
    sum += <f64>distance[round % (N * N)] + <f64>distance[N + 3];
  }
  return sum;
}
