// A virtual machine with a stack: its dispatch is one br_table in a loop.
const code = new StaticArray<i32>(64);
const stack = new StaticArray<i32>(16);

// Sums x * x ^ x for x from the argument down to one.
function assemble(): void {
  const program: StaticArray<i32> = [1, 0, 3, 1, 2, 0, 9, 30, 2, 0, 2, 0, 6, 2, 0, 8, 2, 1, 5, 3, 1, 2, 0, 1, 1, 7, 3, 0, 10, 4, 2, 1, 0];
  for (let i = 0; i < program.length; i++) code[i] = program[i];
}

function execute(argument: i32): i32 {
  let x = argument;
  let y = 0;
  let top = 0;
  let at = 0;
  while (true) {
    switch (code[at++]) {
      case 0:
        return stack[top - 1];
      case 1:
        stack[top++] = code[at++];
        break;
      case 2:
        stack[top++] = code[at++] ? y : x;
        break;
      case 3: {
        const value = stack[--top];
        if (code[at++]) y = value;
        else x = value;
        break;
      }
      case 4:
        top--;
        break;
      case 5:
        top--;
        stack[top - 1] += stack[top];
        break;
      case 6:
        top--;
        stack[top - 1] *= stack[top];
        break;
      case 7:
        top--;
        stack[top - 1] -= stack[top];
        break;
      case 8:
        top--;
        stack[top - 1] ^= stack[top];
        break;
      case 9: {
        const to = code[at++];
        if (stack[--top] <= 0) at = to;
        break;
      }
      case 10:
        at = code[at];
        break;
      default:
        return -1;
    }
  }
}

export function run(rounds: i32): f64 {
  assemble();
  let sum: f64 = 0;
  for (let round = 0; round < rounds; round++) sum += <f64>execute(200 + (round & 15));
  return sum;
}
