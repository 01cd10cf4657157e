/** One instruction of the text format without folding; what it holds when it opens a block. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
  readonly label?: number;
  readonly targets?: readonly number[];
  readonly callee?: number;
  /** Of a call through a table: what it takes and gives. */
  readonly type?: string;
  readonly body?: Instruction[];
  readonly orElse?: Instruction[];
}

export interface ParsedFunction {
  readonly index: number;
  readonly header: string;
  readonly type: string;
  readonly exported: boolean;
  readonly inTable: boolean;
  readonly body: readonly Instruction[];
}

export interface ParsedModule {
  readonly before: string;
  readonly functions: readonly ParsedFunction[];
  readonly after: string;
  /** Only segments of the module itself fill its tables, and nothing reads them but calls. */
  readonly tablesAreClosed: boolean;
}

/** Reads what wabt writes of an MVP module that imports nothing. */
export function parseFlatText(text: string): ParsedModule {
  const lines = text.split('\n').map((line) =>
    line
      .replace(/;; label.*/, '')
      .replaceAll(/\(;[^;]*;\)/g, '')
      .trim(),
  );
  const types = lines.filter((line) => line.startsWith('(type ')).map((line) => line.replaceAll(/\s+/g, ' '));
  const first = lines.findIndex((line) => line.startsWith('(func '));
  const entered = new Set(lines.flatMap((line) => /^\((?:export ".*" \(func|start) (\d+)\)/.exec(line)?.[1] ?? []));
  const listed = lines.filter((line) => line.startsWith('(elem ')).join(' ');
  const inTable = new Set(/ func ([\d ]+)\)/.exec(listed)?.[1]?.split(' ') ?? []);
  const functions: ParsedFunction[] = [];
  let at = first;
  while (lines[at]?.startsWith('(func ')) {
    const from = at;
    let end = at + 1;
    while (!/^\((func|table|memory|global|export|start|elem|data)[ (]/.test(lines[end]!)) end++;
    const own = lines.slice(from, end).filter((line) => line !== '');
    own[own.length - 1] = own.at(-1)!.replace(/\)$/, '');
    const locals = own[1]?.startsWith('(local') ? 1 : 0;
    const index = functions.length;
    functions.push({
      index,
      header: own.slice(0, 1 + locals).join('\n'),
      type: types[Number(/\(type (\d+)\)/.exec(own[0]!)![1])]!,
      exported: entered.has(`${index}`),
      inTable: inTable.has(`${index}`),
      body: new Lines(own.slice(1 + locals), types).block(),
    });
    at = end;
  }
  return {
    before: lines.slice(0, first).join('\n'),
    functions,
    after: lines.slice(at).join('\n'),
    tablesAreClosed: !/\(export "[^"]*" \(table|ref\.func|table\.get/.test(lines.join('\n')),
  };
}

class Lines {
  readonly #lines: readonly string[];
  readonly #types: readonly string[];
  #at = 0;

  constructor(lines: readonly string[], types: readonly string[]) {
    this.#lines = lines;
    this.#types = types;
  }

  /** Up to the end or else that closes it, or the end of the function. */
  block(): Instruction[] {
    const list: Instruction[] = [];
    for (; this.#at < this.#lines.length; this.#at++) {
      const text = this.#lines[this.#at]!;
      if (text === '' || text === ')') continue;
      if (text === 'end' || text === 'else') return list;
      list.push(this.#instruction(text));
    }
    return list;
  }

  #instruction(text: string): Instruction {
    const [name, ...operands] = text.split(/\s+/) as [string, ...string[]];
    if (name === 'block' || name === 'loop' || name === 'if') {
      this.#at++;
      const body = this.block();
      if (this.#lines[this.#at] !== 'else') return { name, text, body };
      this.#at++;
      return { name, text, body, orElse: this.block() };
    }
    const numbers = operands.map(Number);
    if (name === 'br' || name === 'br_if') return { name, text, label: numbers[0]! };
    if (name === 'br_table') return { name, text, targets: numbers };
    if (name === 'call') return { name, text, callee: numbers[0]! };
    const type = /\(type (\d+)\)/.exec(text)?.[1];
    return type === undefined ? { name, text } : { name, text, type: this.#types[Number(type)]! };
  }
}
