// A JSON reader by recursive descent over bytes, then the way back to text.
const source =
  '{"id":12345,"name":"a function","tags":["one","two",{"deep":[1,2.5,-3e2,true,false,null]}],"nested":{"list":[[],{},[[[7]]]],"text":"with \\"quotes\\" and \\n breaks"},"ratio":0.125}';
const text = new StaticArray<u8>(256);
const output = new StaticArray<u8>(512);
let at = 0;
let to = 0;

function put(c: u8): void {
  output[to++] = c;
}

function space(): void {
  while (text[at] == 0x20 || text[at] == 0x0a) at++;
}

function readString(): u32 {
  let hash: u32 = 5381;
  put(text[at++]);
  while (text[at] != 0x22) {
    if (text[at] == 0x5c) put(text[at++]);
    hash = hash * 33 + text[at];
    put(text[at++]);
  }
  put(text[at++]);
  return hash;
}

function readNumber(): f64 {
  let sign: f64 = 1;
  let value: f64 = 0;
  let scale: f64 = 1;
  if (text[at] == 0x2d) {
    sign = -1;
    put(text[at++]);
  }
  while (text[at] >= 0x30 && text[at] <= 0x39) {
    value = value * 10 + <f64>(text[at] - 0x30);
    put(text[at++]);
  }
  if (text[at] == 0x2e) {
    put(text[at++]);
    while (text[at] >= 0x30 && text[at] <= 0x39) {
      scale *= 0.1;
      value += scale * <f64>(text[at] - 0x30);
      put(text[at++]);
    }
  }
  if (text[at] == 0x65) {
    put(text[at++]);
    let exponent = <i32>text[at] - 0x30;
    put(text[at++]);
    while (exponent-- > 0) value *= 10;
  }
  return sign * value;
}

function readList(close: u8): f64 {
  let sum: f64 = 1;
  put(text[at++]);
  space();
  while (text[at] != close) {
    if (close == 0x7d) {
      sum += <f64>(readString() & 0xff);
      put(text[at++]);
    }
    sum += readValue();
    space();
    if (text[at] == 0x2c) put(text[at++]);
    space();
  }
  put(text[at++]);
  return sum;
}

function readValue(): f64 {
  space();
  switch (text[at]) {
    case 0x7b:
      return readList(0x7d);
    case 0x5b:
      return readList(0x5d);
    case 0x22:
      return <f64>(readString() & 0xffff);
    case 0x74:
    case 0x66:
    case 0x6e: {
      let letters = 0;
      while (text[at] >= 0x61 && text[at] <= 0x7a) {
        put(text[at++]);
        letters++;
      }
      return <f64>letters;
    }
    default:
      return readNumber();
  }
}

export function run(rounds: i32): f64 {
  for (let i = 0; i < source.length; i++) text[i] = <u8>source.charCodeAt(i);
  let sum: f64 = 0;
  for (let round = 0; round < rounds; round++) {
    text[6] = <u8>(0x30 + (round & 7));
    at = 0;
    to = 0;
    sum += readValue() + <f64>output[round % to];
  }
  return sum;
}
