// Trees built and walked by recursion, nodes from an arena with a list of free ones.
const DEPTH = 8;
const NODES = 1 << (DEPTH + 1);
const left = new StaticArray<i32>(NODES);
const right = new StaticArray<i32>(NODES);
let free = 0;

function take(): i32 {
  const node = free;
  free = left[node];
  return node;
}

function build(depth: i32): i32 {
  const node = take();
  if (depth == 0) {
    left[node] = right[node] = -1;
    return node;
  }
  const first = build(depth - 1);
  right[node] = build(depth - 1);
  left[node] = first;
  return node;
}

function count(node: i32): i32 {
  return left[node] < 0 ? 1 : 1 + count(left[node]) + count(right[node]);
}

function release(node: i32): void {
  if (left[node] >= 0) {
    release(left[node]);
    release(right[node]);
  }
  left[node] = free;
  free = node;
}

export function run(rounds: i32): f64 {
  free = 0;
  for (let i = 0; i < NODES; i++) left[i] = i + 1;
  let sum: f64 = 0;
  for (let round = 0; round < rounds; round++) {
    const tree = build(DEPTH - (round & 1));
    sum += <f64>count(tree);
    release(tree);
  }
  return sum;
}
