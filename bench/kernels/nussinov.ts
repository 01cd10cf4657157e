// RNA folding by dynamic programming: maxima under conditions, triangular loops.
const N = 72;
const bases = new StaticArray<i32>(N);
const score = new StaticArray<i32>(N * N);

export function run(rounds: i32): f64 {
  let sum: f64 = 0;
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < N; i++) bases[i] = (i * 5 + ((i * round) >> 2)) & 3;
    for (let i = 0; i < N * N; i++) score[i] = 0;
    for (let i = N - 1; i >= 0; i--) {
      for (let j = i + 1; j < N; j++) {
        let best = score[i * N + j - 1];
        if (i + 1 < N && score[(i + 1) * N + j] > best) best = score[(i + 1) * N + j];
        if (i < j - 1) {
          const paired = score[(i + 1) * N + j - 1] + (bases[i] + bases[j] == 3 ? 1 : 0);
          if (paired > best) best = paired;
        }
        for (let k = i + 1; k < j; k++) {
          const split = score[i * N + k] + score[(k + 1) * N + j];
          if (split > best) best = split;
        }
        score[i * N + j] = best;
      }
    }
    sum += <f64>score[N - 1];
  }
  return sum;
}
