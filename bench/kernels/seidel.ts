// Nine-point Gauss-Seidel in place: every turn waits for the one before.
const N = 64;
const grid = new StaticArray<f64>(N * N);

export function run(rounds: i32): f64 {
  for (let i = 0; i < N * N; i++) grid[i] = <f64>((i * 17) % 89);
  for (let round = 0; round < rounds; round++) {
    for (let y = 1; y < N - 1; y++) {
      for (let x = 1; x < N - 1; x++) {
        const at = y * N + x;
        const above = grid[at - N - 1] + grid[at - N] + grid[at - N + 1];
        const beside = grid[at - 1] + grid[at] + grid[at + 1];
        const below = grid[at + N - 1] + grid[at + N] + grid[at + N + 1];
        grid[at] = (above + beside + below) / 9.0;
      }
    }
  }
  let sum: f64 = 0;
  for (let i = 0; i < N * N; i++) sum += grid[i];
  return sum;
}
