// Collatz sequences in 64 bits: a loop of unknown length without a load.
export function run(rounds: i32): f64 {
  let sum: i64 = 0;
  for (let round = 0; round < rounds; round++) {
    let value: i64 = <i64>(round & 1023) + 27;
    while (value != 1) {
      value = value & 1 ? value * 3 + 1 : value >> 1;
      sum++;
    }
  }
  return <f64>sum;
}
