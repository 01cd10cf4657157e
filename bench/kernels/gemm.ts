// Dense matrix product, as in PolyBench: three counted loops, the inner one without a call.
const N = 48;
const a = new StaticArray<f64>(N * N);
const b = new StaticArray<f64>(N * N);
const c = new StaticArray<f64>(N * N);

export function run(rounds: i32): f64 {
  for (let i = 0; i < N * N; i++) {
    a[i] = <f64>(i % 13) * 0.25;
    b[i] = <f64>(i % 7) * 0.5;
    c[i] = 0;
  }
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < N; i++) {
      for (let j = 0; j < N; j++) c[i * N + j] *= 0.5;
      for (let k = 0; k < N; k++) {
        const factor = a[i * N + k] * 1.5;
        for (let j = 0; j < N; j++) c[i * N + j] += factor * b[k * N + j];
      }
    }
  }
  let sum: f64 = 0;
  for (let i = 0; i < N * N; i++) sum += c[i];
  return sum;
}
