// A byte-oriented compressor: hashes of four bytes, longest match, and the way back.
const N = 4096;
const input = new StaticArray<u8>(N + 8);
const packed = new StaticArray<u8>(N * 2);
const output = new StaticArray<u8>(N + 8);
const seen = new StaticArray<i32>(4096);

function pack(): i32 {
  for (let i = 0; i < 4096; i++) seen[i] = -1;
  let to = 0;
  let at = 0;
  while (at < N) {
    const four = load<u32>(changetype<usize>(input) + at);
    const slot = (four * 2654435761) >> 20;
    const match = seen[slot];
    seen[slot] = at;
    let same = 0;
    if (match >= 0) {
      while (same < 255 && at + same < N && input[match + same] == input[at + same]) same++;
    }
    if (same < 4) {
      packed[to++] = 0;
      packed[to++] = input[at++];
      continue;
    }
    packed[to++] = <u8>same;
    packed[to++] = <u8>(at - match);
    packed[to++] = <u8>((at - match) >> 8);
    at += same;
  }
  return to;
}

function unpack(end: i32): i32 {
  let to = 0;
  for (let at = 0; at < end; ) {
    const same = <i32>packed[at++];
    if (same == 0) {
      output[to++] = packed[at++];
      continue;
    }
    const back = <i32>packed[at] | (<i32>packed[at + 1] << 8);
    at += 2;
    for (let i = 0; i < same; i++, to++) output[to] = output[to - back];
  }
  return to;
}

export function run(rounds: i32): f64 {
  let seed: u32 = 3;
  for (let i = 0; i < N; i++) {
    seed = seed * 1664525 + 1013904223;
    input[i] = i > 64 && (seed >> 28) != 0 ? input[i - 61] : <u8>(seed >> 24);
  }
  let sum: f64 = 0;
  for (let round = 0; round < rounds; round++) {
    input[(round * 7) % N] = <u8>round;
    const size = pack();
    sum += <f64>(size + unpack(size) + output[round % N]);
  }
  return sum;
}
