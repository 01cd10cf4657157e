// Recursion that does nothing else: the worst case, where the engine would inline.
function fib(n: i32): i32 {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

export function run(rounds: i32): f64 {
  let sum: f64 = 0;
  for (let round = 0; round < rounds; round++) sum += <f64>fib(14 + (round & 3));
  return sum;
}
