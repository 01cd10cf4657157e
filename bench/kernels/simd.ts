// Dot products and sums of four lanes.
const N = 1024;
const a = new StaticArray<f32>(N);
const b = new StaticArray<f32>(N);

export function run(rounds: i32): f64 {
  for (let i = 0; i < N; i++) {
    a[i] = <f32>(i % 17) * 0.5;
    b[i] = <f32>(i % 5) * 0.25;
  }
  const left = changetype<usize>(a);
  const right = changetype<usize>(b);
  let sum = f32x4.splat(0);
  for (let round = 0; round < rounds; round++) {
    for (let offset: usize = 0; offset < <usize>(N * 4); offset += 16) {
      const x = v128.load(left + offset);
      const y = v128.load(right + offset);
      sum = f32x4.add(sum, f32x4.mul(x, y));
      v128.store(left + offset, f32x4.mul(x, f32x4.splat(0.999)));
    }
  }
  return <f64>f32x4.extract_lane(sum, 0) + <f64>f32x4.extract_lane(sum, 3);
}
