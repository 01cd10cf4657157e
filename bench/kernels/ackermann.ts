// Deep recursion in two arguments.
function ackermann(m: i32, n: i32): i32 {
  if (m == 0) return n + 1;
  return n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

export function run(rounds: i32): f64 {
  let sum: f64 = 0;
  for (let round = 0; round < rounds; round++) sum += <f64>ackermann(2, 40 + (round & 15));
  return sum;
}
