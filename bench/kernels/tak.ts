// Takeuchi's function: recursion with three arguments, four calls a turn.
function tak(x: i32, y: i32, z: i32): i32 {
  return y < x ? tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y)) : z;
}

export function run(rounds: i32): f64 {
  let sum: f64 = 0;
  for (let round = 0; round < rounds; round++) sum += <f64>tak(10, 5, round & 3);
  return sum;
}
