// LU decomposition in place: triangular loops, whose bounds change at every turn.
const N = 48;
const m = new StaticArray<f64>(N * N);

export function run(rounds: i32): f64 {
  let sum: f64 = 0;
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < N; i++) {
      for (let j = 0; j < N; j++) m[i * N + j] = i == j ? <f64>(N + 1) : <f64>((i + j * 3 + round) % 9) * 0.1;
    }
    for (let i = 0; i < N; i++) {
      for (let j = 0; j < i; j++) {
        let value = m[i * N + j];
        for (let k = 0; k < j; k++) value -= m[i * N + k] * m[k * N + j];
        m[i * N + j] = value / m[j * N + j];
      }
      for (let j = i; j < N; j++) {
        let value = m[i * N + j];
        for (let k = 0; k < i; k++) value -= m[i * N + k] * m[k * N + j];
        m[i * N + j] = value;
      }
    }
    sum += m[N * N - 1] + m[N - 1];
  }
  return sum;
}
