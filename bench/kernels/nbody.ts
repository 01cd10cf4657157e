// Planets under gravity: floating point with square roots and divisions.
const BODIES = 5;
const state = new StaticArray<f64>(BODIES * 7);

function advance(dt: f64): void {
  for (let i = 0; i < BODIES; i++) {
    const a = i * 7;
    for (let j = i + 1; j < BODIES; j++) {
      const b = j * 7;
      const dx = state[a] - state[b];
      const dy = state[a + 1] - state[b + 1];
      const dz = state[a + 2] - state[b + 2];
      const square = dx * dx + dy * dy + dz * dz + 0.01;
      const pull = dt / (square * Math.sqrt(square));
      const onA = state[b + 6] * pull;
      const onB = state[a + 6] * pull;
      state[a + 3] -= dx * onA;
      state[a + 4] -= dy * onA;
      state[a + 5] -= dz * onA;
      state[b + 3] += dx * onB;
      state[b + 4] += dy * onB;
      state[b + 5] += dz * onB;
    }
  }
  for (let i = 0; i < BODIES; i++) {
    const a = i * 7;
    for (let axis = 0; axis < 3; axis++) state[a + axis] += dt * state[a + 3 + axis];
  }
}

export function run(rounds: i32): f64 {
  for (let i = 0; i < BODIES * 7; i++) state[i] = <f64>((i * 29) % 23) * 0.3 + 0.1;
  for (let round = 0; round < rounds; round++) advance(0.001);
  let sum: f64 = 0;
  for (let i = 0; i < BODIES * 7; i++) sum += state[i];
  return sum;
}
