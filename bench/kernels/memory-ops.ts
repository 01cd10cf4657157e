// memory.fill and memory.copy of all sizes up to 4 KiB.
const SIZE = 8192;
const buffer = new StaticArray<u8>(SIZE);

export function run(rounds: i32): f64 {
  const base = changetype<usize>(buffer);
  let sum: f64 = 0;
  for (let round = 0; round < rounds; round++) {
    for (let size = 1; size <= 4096; size *= 2) {
      memory.fill(base + size, <u8>(round + size), size);
      memory.copy(base + (round & 7), base + size, size);
    }
    sum += <f64>load<u8>(base + (round & 4095));
  }
  return sum;
}
