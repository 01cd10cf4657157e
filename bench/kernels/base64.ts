// Base64 there and back.
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const N = 768;
const digits = new StaticArray<u8>(64);
const values = new StaticArray<u8>(128);
const plain = new StaticArray<u8>(N);
const encoded = new StaticArray<u8>((N / 3) * 4);

function encode(): void {
  for (let from = 0, to = 0; from < N; from += 3, to += 4) {
    const three = (<u32>plain[from] << 16) | (<u32>plain[from + 1] << 8) | plain[from + 2];
    encoded[to] = digits[three >> 18];
    encoded[to + 1] = digits[(three >> 12) & 63];
    encoded[to + 2] = digits[(three >> 6) & 63];
    encoded[to + 3] = digits[three & 63];
  }
}

function decode(): u32 {
  let sum: u32 = 0;
  for (let from = 0, to = 0; to < N; from += 4, to += 3) {
    let four: u32 = 0;
    for (let i = 0; i < 4; i++) four = (four << 6) | values[encoded[from + i]];
    plain[to] = <u8>(four >> 16);
    plain[to + 1] = <u8>(four >> 8);
    plain[to + 2] = <u8>four;
    sum += four;
  }
  return sum;
}

export function run(rounds: i32): f64 {
  for (let i = 0; i < 64; i++) {
    digits[i] = <u8>alphabet.charCodeAt(i);
    values[digits[i]] = <u8>i;
  }
  for (let i = 0; i < N; i++) plain[i] = <u8>(i * 31);
  let sum: f64 = 0;
  for (let round = 0; round < rounds; round++) {
    plain[round % N] = <u8>round;
    encode();
    sum += <f64>decode();
  }
  return sum;
}
