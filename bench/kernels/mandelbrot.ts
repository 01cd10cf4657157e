// Mandelbrot's set: a floating-point loop that ends by data.
const SIDE = 24;

export function run(rounds: i32): f64 {
  let total = 0;
  for (let round = 0; round < rounds; round++) {
    const shift = <f64>(round & 7) * 0.01;
    for (let py = 0; py < SIDE; py++) {
      for (let px = 0; px < SIDE; px++) {
        const cx = (<f64>px / SIDE) * 3.0 - 2.2 + shift;
        const cy = (<f64>py / SIDE) * 2.4 - 1.2;
        let x: f64 = 0;
        let y: f64 = 0;
        let turns = 0;
        while (turns < 80 && x * x + y * y < 4.0) {
          const turned = x * x - y * y + cx;
          y = 2.0 * x * y + cy;
          x = turned;
          turns++;
        }
        total += turns;
      }
    }
  }
  return <f64>total;
}
