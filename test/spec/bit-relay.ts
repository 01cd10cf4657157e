import { Writer } from '../../runtime/wasm/format/writer.ts';

/** Of a function as the rewriter's shapes write it, `fV:F`: see ExportShape. */
export type Signature = string;

const CODES: Readonly<Record<string, number>> = {
  i: 0x7f,
  I: 0x7e,
  f: 0x7d,
  F: 0x7c,
  V: 0x7b,
  r: 0x70,
  e: 0x6f,
};
const [I32, I64] = [0x7f, 0x7e];
const [LOCAL_GET, LOCAL_SET] = [0x20, 0x21];
const modules = new Map<string, WebAssembly.Module>();

/** A module that imports the function `t.t` and exports it as `t` with integers for floats, and two for each vector. */
export function functionRelay(signature: Signature): WebAssembly.Module {
  return relay(signature, (out) => {
    const [params = '', results = ''] = signature.split(':');
    writeTypes(out, [
      [[...params].map(codeOf), [...results].map(codeOf)],
      [[...params].flatMap(integersOf), [...results].flatMap(integersOf)],
    ]);
    writeImport(out, [0, 0]);
    writeBody(out, 1, [1], results, (body) => {
      let local = 0;
      for (const letter of params) local = writeParam(body, letter, local);
      body.raw([0x10, 0]);
      return local;
    });
  });
}

/** A module that imports the global `t.t` of exactly this type and exports a function `t` that reads it as integers. */
export function globalRelay(letter: string, mutability: 0 | 1): WebAssembly.Module {
  return relay(`global ${letter}${mutability}`, (out) => {
    writeTypes(out, [[[], integersOf(letter)]]);
    writeImport(out, [3, codeOf(letter), mutability]);
    writeBody(out, 0, [0], letter, (body) => {
      body.raw([0x23, 0]);
      return 0;
    });
  });
}

function relay(key: string, write: (out: Writer) => void): WebAssembly.Module {
  const known = modules.get(key);
  if (known) return known;
  const out = new Writer(256);
  out.raw([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  write(out);
  const module = new WebAssembly.Module(out.view().slice() as BufferSource);
  modules.set(key, module);
  return module;
}

function writeTypes(out: Writer, types: readonly (readonly [readonly number[], readonly number[]])[]): void {
  out.section(1, (content) => {
    content.u32(types.length);
    for (const type of types) {
      content.byte(0x60);
      for (const side of type) {
        content.u32(side.length);
        content.raw(side);
      }
    }
  });
}

function writeImport(out: Writer, what: readonly number[]): void {
  out.section(2, (content) => content.raw([1, 1, 0x74, 1, 0x74, ...what]));
}

/** The only function: `push` leaves the results on the stack and says how many locals are parameters. */
function writeBody(
  out: Writer,
  index: number,
  type: readonly number[],
  results: string,
  push: (body: Writer) => number,
): void {
  out.section(3, (content) => content.raw([1, ...type]));
  out.section(7, (content) => content.raw([1, 1, 0x74, 0, index]));
  out.section(10, (content) => {
    const body = new Writer(256);
    body.u32(results.length);
    for (const letter of results) body.raw([1, codeOf(letter)]);
    const first = push(body);
    for (let result = results.length - 1; result >= 0; result--) access(body, LOCAL_SET, first + result);
    [...results].forEach((letter, result) => {
      writeResult(body, letter, first + result);
    });
    body.byte(0x0b);
    const bytes = body.view();
    content.u32(1);
    content.u32(bytes.length);
    content.raw(bytes);
  });
}

function access(body: Writer, opcode: number, local: number): void {
  body.byte(opcode);
  body.u32(local);
}

function writeParam(body: Writer, letter: string, local: number): number {
  access(body, LOCAL_GET, local);
  if (letter === 'f') body.byte(0xbe);
  else if (letter === 'F') body.byte(0xbf);
  else if (letter === 'V') {
    body.raw([0xfd, 0x12]);
    access(body, LOCAL_GET, local + 1);
    body.raw([0xfd, 0x1e, 1]);
    return local + 2;
  }
  return local + 1;
}

function writeResult(body: Writer, letter: string, local: number): void {
  access(body, LOCAL_GET, local);
  if (letter === 'f') body.byte(0xbc);
  else if (letter === 'F') body.byte(0xbd);
  else if (letter === 'V') {
    body.raw([0xfd, 0x1d, 0]);
    access(body, LOCAL_GET, local);
    body.raw([0xfd, 0x1d, 1]);
  }
}

function codeOf(letter: string): number {
  const code = CODES[letter];
  if (code === undefined) throw new Error(`no type ${letter}`);
  return code;
}

function integersOf(letter: string): number[] {
  if (letter === 'V') return [I64, I64];
  return [letter === 'f' ? I32 : letter === 'F' ? I64 : codeOf(letter)];
}
