/** A source split into what the compiler reads as code and what it reads as text. */
export interface Lexed {
  /** The source with comments and the insides of strings, templates and regular expressions blanked; same length. */
  readonly code: string;
  /** Insides of strings and templates, in order. */
  readonly strings: readonly string[];
}

const REGEX_MAY_FOLLOW = /(^|[=(,:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|await|yield|throw))\s*$/;

/** Enough of TypeScript's lexical grammar to tell code from text in formatted sources; no types, no JSX. */
export function lex(source: string): Lexed {
  const strings: string[] = [];
  const templateDepths: number[] = [];
  let code = '';
  let depth = 0;
  let at = 0;

  const blank = (until: number): void => {
    code += source.slice(at, until).replace(/[^\n]/g, ' ');
    at = until;
  };
  const keep = (): void => {
    code += source[at];
    at += 1;
  };
  const text = (end: number): void => {
    strings.push(source.slice(at, end));
    blank(end);
  };
  const template = (): void => {
    const end = findEnd(source, at, ['`', '${']);
    text(end);
    if (source[end] === '$') {
      templateDepths.push(depth);
      blank(end + 2);
    } else keep();
  };

  while (at < source.length) {
    const char = source[at]!;
    if (source.startsWith('//', at) || source.startsWith('#!', at)) blank(indexOr(source, '\n', at));
    else if (source.startsWith('/*', at)) blank(indexOr(source, '*/', at) + 2);
    else if (char === "'" || char === '"') {
      keep();
      text(findEnd(source, at, [char]));
      keep();
    } else if (char === '`') {
      keep();
      template();
    } else if (char === '}' && templateDepths.at(-1) === depth) {
      templateDepths.pop();
      blank(at + 1);
      template();
    } else if (char === '/' && REGEX_MAY_FOLLOW.test(code.slice(-40))) {
      keep();
      blank(findRegexEnd(source, at));
      keep();
    } else {
      if (char === '{') depth += 1;
      if (char === '}') depth -= 1;
      keep();
    }
  }
  return { code, strings };
}

function indexOr(source: string, mark: string, from: number): number {
  const found = source.indexOf(mark, from);
  return found === -1 ? source.length : found;
}

function findEnd(source: string, from: number, marks: readonly string[]): number {
  for (let at = from; at < source.length; at += source[at] === '\\' ? 2 : 1) {
    if (marks.some((mark) => source.startsWith(mark, at))) return at;
  }
  return source.length;
}

function findRegexEnd(source: string, from: number): number {
  let inClass = false;
  for (let at = from; at < source.length; at += source[at] === '\\' ? 2 : 1) {
    if (source[at] === '[') inClass = true;
    if (source[at] === ']') inClass = false;
    if (source[at] === '/' && !inClass) return at;
  }
  return source.length;
}
