/** A node of the text format, with where it stands: `[start, end)` in the text, and the line, counted from 1. */
export type Node = Atom | Quoted | List;

interface Place {
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

export interface Atom extends Place {
  readonly kind: 'atom';
  readonly text: string;
}

/** A string as the bytes that it stands for. */
export interface Quoted extends Place {
  readonly kind: 'quoted';
  readonly bytes: Uint8Array;
}

export interface List extends Place {
  readonly kind: 'list';
  readonly items: readonly Node[];
}

const TOKEN = /\s+|;;[^\n]*|\(;|\(|\)|\$?"(?:[^"\\]|\\[\s\S])*"|(?:[^\s()";]|;(?![;)]))+/gy;

/** Reads the text of a script or module into its nodes; annotations stay lists that begin with their `@name`. */
export function parseNodes(text: string): Node[] {
  const top: Node[] = [];
  const open: { readonly start: number; readonly line: number; readonly items: Node[] }[] = [];
  let line = 1;
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) throw new Error(`line ${line}: what is ${JSON.stringify(text.slice(at, at + 20))}`);
    const start = at;
    at = token === '(;' ? endOfComment(text, at) : at + token.length;
    const items = open.at(-1)?.items ?? top;
    if (token === '(') open.push({ start, line, items: [] });
    else if (token === ')') {
      const list = open.pop();
      if (!list) throw new Error(`line ${line}: nothing to close`);
      (open.at(-1)?.items ?? top).push({ kind: 'list', end: at, ...list });
    } else if (token.startsWith('"')) items.push({ kind: 'quoted', start, end: at, line, bytes: unquote(token) });
    else if (!/^\s|^;;|^\(;/.test(token)) items.push({ kind: 'atom', start, end: at, line, text: token });
    for (let index = start; index < at; index++) if (text.charCodeAt(index) === 10) line++;
  }
  if (open.length > 0) throw new Error(`line ${open.at(-1)?.line}: never closed`);
  return top;
}

function endOfComment(text: string, start: number): number {
  const edge = /\(;|;\)/g;
  edge.lastIndex = start;
  let depth = 0;
  do {
    const found = edge.exec(text);
    if (!found) throw new Error('a comment never ends');
    depth += found[0] === '(;' ? 1 : -1;
  } while (depth > 0);
  return edge.lastIndex;
}

const ESCAPE = /\\(?:u\{([0-9a-fA-F_]+)\}|([0-9a-fA-F]{2})|([\s\S]))/g;
const NAMED: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r' };

function unquote(token: string): Uint8Array {
  const inner = token.slice(1, -1);
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const found of inner.matchAll(ESCAPE)) {
    parts.push(Buffer.from(inner.slice(at, found.index)));
    const [whole, point, byte, other] = found;
    if (byte !== undefined) parts.push(Uint8Array.of(Number.parseInt(byte, 16)));
    else if (point !== undefined) parts.push(Buffer.from(String.fromCodePoint(Number.parseInt(point, 16))));
    else parts.push(Buffer.from(NAMED[other ?? ''] ?? other ?? ''));
    at = found.index + whole.length;
  }
  parts.push(Buffer.from(inner.slice(at)));
  return new Uint8Array(Buffer.concat(parts));
}
