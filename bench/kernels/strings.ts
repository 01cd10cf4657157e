// Text over bytes: length, copy, comparison, search and case, a byte at a time.
const words = 'the quick brown fox jumps over the lazy dog and then once more over the quicker, browner, lazier one';
const N = 128;
const source = new StaticArray<u8>(N);
const target = new StaticArray<u8>(N);
const needle = new StaticArray<u8>(8);

function length(text: StaticArray<u8>): i32 {
  let at = 0;
  while (text[at]) at++;
  return at;
}

function copy(from: StaticArray<u8>, to: StaticArray<u8>): void {
  let at = 0;
  while ((to[at] = from[at])) at++;
}

function find(text: StaticArray<u8>, wanted: StaticArray<u8>): i32 {
  for (let at = 0; text[at]; at++) {
    let same = 0;
    while (wanted[same] && text[at + same] == wanted[same]) same++;
    if (!wanted[same]) return at;
  }
  return -1;
}

function upper(text: StaticArray<u8>): i32 {
  let changed = 0;
  for (let at = 0; text[at]; at++) {
    const c = text[at];
    if (c >= 0x61 && c <= 0x7a) {
      text[at] = c - 32;
      changed++;
    }
  }
  return changed;
}

function compare(a: StaticArray<u8>, b: StaticArray<u8>): i32 {
  let at = 0;
  while (a[at] && (a[at] | 32) == (b[at] | 32)) at++;
  return at;
}

export function run(rounds: i32): f64 {
  for (let i = 0; i < words.length; i++) source[i] = <u8>words.charCodeAt(i);
  source[words.length] = 0;
  let sum: f64 = 0;
  for (let round = 0; round < rounds; round++) {
    const from = round & 63;
    for (let i = 0; i < 4; i++) needle[i] = source[from + i];
    needle[4] = 0;
    copy(source, target);
    sum += <f64>(length(target) + find(target, needle) + upper(target) + compare(source, target));
  }
  return sum;
}
