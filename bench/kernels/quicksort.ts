// Quicksort: recursion around two scanning loops.
const N = 1024;
const values = new StaticArray<i32>(N);

function sort(low: i32, high: i32): void {
  const pivot = values[(low + high) >> 1];
  let i = low;
  let j = high;
  while (i <= j) {
    while (values[i] < pivot) i++;
    while (values[j] > pivot) j--;
    if (i > j) break;
    const swapped = values[i];
    values[i++] = values[j];
    values[j--] = swapped;
  }
  if (low < j) sort(low, j);
  if (i < high) sort(i, high);
}

export function run(rounds: i32): f64 {
  let sum: f64 = 0;
  let seed: u32 = 1;
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < N; i++) {
      seed = seed * 1664525 + 1013904223;
      values[i] = <i32>(seed >> 8);
    }
    sort(0, N - 1);
    sum += <f64>values[round & (N - 1)];
  }
  return sum;
}
