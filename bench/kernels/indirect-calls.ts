// Small functions behind a table: call_indirect in a loop.
type Step = (value: i32) => i32;
const steps: Step[] = [
  (value: i32): i32 => value + 3,
  (value: i32): i32 => value ^ 0x55,
  (value: i32): i32 => value * 5,
  (value: i32): i32 => (value >> 1) + 7,
];

export function run(rounds: i32): f64 {
  let value = 1;
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < 1000; i++) value = steps[(i ^ value) & 3](value);
  }
  return <f64>value;
}
