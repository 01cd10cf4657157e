// SHA-256 over blocks that follow from each other (FIPS 180-4). Constants are computed: roots of the first primes.
const constants = new StaticArray<u32>(64);
const hash = new StaticArray<u32>(8);
const schedule = new StaticArray<u32>(64);

function fraction(root: f64): u32 {
  return <u32>((root - Math.floor(root)) * 4294967296.0);
}

function prepare(): void {
  let count = 0;
  for (let candidate = 2; count < 64; candidate++) {
    let prime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor++) {
      if (candidate % divisor == 0) prime = false;
    }
    if (!prime) continue;
    constants[count] = fraction(Math.cbrt(<f64>candidate));
    if (count < 8) hash[count] = fraction(Math.sqrt(<f64>candidate));
    count++;
  }
}

function compress(): void {
  for (let t = 16; t < 64; t++) {
    const early = schedule[t - 15];
    const late = schedule[t - 2];
    const s0 = rotr<u32>(early, 7) ^ rotr<u32>(early, 18) ^ (early >> 3);
    const s1 = rotr<u32>(late, 17) ^ rotr<u32>(late, 19) ^ (late >> 10);
    schedule[t] = schedule[t - 16] + s0 + schedule[t - 7] + s1;
  }
  let a = hash[0];
  let b = hash[1];
  let c = hash[2];
  let d = hash[3];
  let e = hash[4];
  let f = hash[5];
  let g = hash[6];
  let h = hash[7];
  for (let t = 0; t < 64; t++) {
    const mixE = rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25);
    const one = h + mixE + ((e & f) ^ (~e & g)) + constants[t] + schedule[t];
    const mixA = rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22);
    const two = mixA + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + one;
    d = c;
    c = b;
    b = a;
    a = one + two;
  }
  hash[0] += a;
  hash[1] += b;
  hash[2] += c;
  hash[3] += d;
  hash[4] += e;
  hash[5] += f;
  hash[6] += g;
  hash[7] += h;
}

export function run(rounds: i32): f64 {
  prepare();
  for (let round = 0; round < rounds; round++) {
    for (let t = 0; t < 16; t++) schedule[t] = hash[t & 7] + t + round;
    compress();
  }
  return <f64>hash[0] + <f64>hash[7];
}
