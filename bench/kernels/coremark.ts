// The mix of embedded benchmarks: a linked list, a small integer matrix, a state machine over text, a checksum of it all.
const NODES = 128;
const SIDE = 12;
const next = new StaticArray<i32>(NODES);
const data = new StaticArray<i32>(NODES);
const left = new StaticArray<i16>(SIDE * SIDE);
const right = new StaticArray<i16>(SIDE * SIDE);
const text = '5012,-874,+123,1.23e4,.5e-3,x12,--4,7e,1e+7,0x1f,+,12345,-6.';

function checksum(value: i32, crc: i32): i32 {
  for (let bit = 0; bit < 16; bit++) {
    const carry = (value ^ crc) & 1;
    crc >>>= 1;
    if (carry) crc ^= 0xa001;
    value >>>= 1;
  }
  return crc & 0xffff;
}

function reverse(head: i32): i32 {
  let done = -1;
  while (head >= 0) {
    const rest = next[head];
    next[head] = done;
    done = head;
    head = rest;
  }
  return done;
}

function find(head: i32, wanted: i32): i32 {
  let steps = 0;
  while (head >= 0 && data[head] != wanted) {
    head = next[head];
    steps++;
  }
  return steps;
}

function multiply(factor: i32): i32 {
  let sum = 0;
  for (let i = 0; i < SIDE; i++) {
    for (let j = 0; j < SIDE; j++) {
      let cell = 0;
      for (let k = 0; k < SIDE; k++) cell += <i32>left[i * SIDE + k] * <i32>right[k * SIDE + j];
      cell = (cell >> 2) & 0x7f;
      sum += cell > factor ? 10 : cell;
    }
  }
  return sum;
}

function states(seed: i32): i32 {
  let state = 0;
  let counts = 0;
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at) ^ (at == seed ? 1 : 0);
    switch (state) {
      case 0:
        state = c == 0x2b || c == 0x2d ? 1 : c == 0x2e ? 3 : c >= 0x30 && c <= 0x39 ? 2 : 6;
        break;
      case 1:
        state = c == 0x2e ? 3 : c >= 0x30 && c <= 0x39 ? 2 : 6;
        break;
      case 2:
        state = c == 0x2c ? 0 : c == 0x2e ? 3 : c == 0x65 ? 4 : c >= 0x30 && c <= 0x39 ? 2 : 6;
        break;
      case 3:
        state = c == 0x2c ? 0 : c == 0x65 ? 4 : c >= 0x30 && c <= 0x39 ? 3 : 6;
        break;
      case 4:
        state = c == 0x2b || c == 0x2d || (c >= 0x30 && c <= 0x39) ? 5 : 6;
        break;
      case 5:
        state = c == 0x2c ? 0 : c >= 0x30 && c <= 0x39 ? 5 : 6;
        break;
      default:
        if (c == 0x2c) state = 0;
    }
    counts += state + 1;
  }
  return counts;
}

export function run(rounds: i32): f64 {
  for (let i = 0; i < NODES; i++) {
    next[i] = i + 1 < NODES ? i + 1 : -1;
    data[i] = (i * 37) & 0xff;
  }
  for (let i = 0; i < SIDE * SIDE; i++) {
    left[i] = <i16>((i * 11) % 61);
    right[i] = <i16>((i * 7) % 53);
  }
  let head = 0;
  let crc = 0;
  for (let round = 0; round < rounds; round++) {
    head = reverse(head);
    crc = checksum(find(head, (round * 37) & 0xff), crc);
    crc = checksum(multiply(round & 63), crc);
    crc = checksum(states(round & 63), crc);
  }
  return <f64>crc;
}
