// Open addressing with linear probing: multiplications and loads that miss.
const SLOTS = 1 << 14;
const keys = new StaticArray<u32>(SLOTS);
const counts = new StaticArray<u32>(SLOTS);

function slotOf(key: u32): i32 {
  let slot = (key * 2654435761) >> 18;
  while (keys[slot] && keys[slot] != key) slot = (slot + 1) & (SLOTS - 1);
  return slot;
}

export function run(rounds: i32): f64 {
  let sum: f64 = 0;
  let seed: u32 = 7;
  for (let i = 0; i < SLOTS; i++) keys[i] = counts[i] = 0;
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < 1000; i++) {
      seed = seed * 1103515245 + 12345;
      const key = ((seed >> 10) & 8191) + 1;
      const slot = slotOf(key);
      keys[slot] = key;
      sum += <f64>++counts[slot];
    }
  }
  return sum;
}
