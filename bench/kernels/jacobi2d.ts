// Five-point stencil over two grids that take turns.
const N = 64;
const even = new StaticArray<f64>(N * N);
const odd = new StaticArray<f64>(N * N);

function relax(from: StaticArray<f64>, to: StaticArray<f64>): void {
  for (let y = 1; y < N - 1; y++) {
    for (let x = 1; x < N - 1; x++) {
      const at = y * N + x;
      to[at] = 0.2 * (from[at] + from[at - 1] + from[at + 1] + from[at - N] + from[at + N]);
    }
  }
}

export function run(rounds: i32): f64 {
  for (let i = 0; i < N * N; i++) even[i] = odd[i] = <f64>((i * 31) % 101);
  for (let round = 0; round < rounds; round++) {
    relax(even, odd);
    relax(odd, even);
  }
  let sum: f64 = 0;
  for (let i = 0; i < N * N; i++) sum += even[i];
  return sum;
}
