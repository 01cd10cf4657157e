import { invalid } from '../log-error.ts';

export interface Token {
  readonly kind: 'sign' | 'quoted' | 'regex' | 'selector' | 'word';
  readonly text: string;
}

const TOKEN =
  /\s*(?:(&&|\|\||<=|>=|!=|[=<>(),])|"((?:\\.|[^"\\])*)"|%((?:\\.|[^%\\])+)%|(\$(?:\.?[\w:@/#-]+|\.?\[(?:\d+|\*|'[^']*')\])*)|([^\s"()=<>!&|,]+))/sy;

/** The words and signs of a pattern, one after another. */
export class Scanner {
  readonly #tokens: Token[] = [];
  #at = 0;

  constructor(source: string) {
    const text = source.trimEnd();
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.length) {
      const found = TOKEN.exec(text);
      if (found === null) throw invalidPattern();
      this.#tokens.push(toToken(found));
    }
  }

  get next(): Token | undefined {
    return this.#tokens[this.#at];
  }

  take(): Token {
    const token = this.next;
    if (token === undefined) throw invalidPattern();
    this.#at += 1;
    return token;
  }

  /** Takes what is next if it is this sign, or this word whatever its case. */
  skip(text: string): boolean {
    const token = this.next;
    const isIt =
      token !== undefined && (token.kind === 'sign' || token.kind === 'word') && token.text.toUpperCase() === text;
    if (isIt) this.#at += 1;
    return isIt;
  }

  expect(text: string): void {
    if (!this.skip(text)) throw invalidPattern();
  }

  end(): void {
    if (this.next !== undefined) throw invalidPattern();
  }
}

/** Terms joined by `||` and, which bind closer, `&&`. */
export function parseJoined<Subject>(
  scanner: Scanner,
  parseTerm: () => (subject: Subject) => boolean,
): (subject: Subject) => boolean {
  const parseAll = (): ((subject: Subject) => boolean) => {
    const terms = [parseTerm()];
    while (scanner.skip('&&')) terms.push(parseTerm());
    return (subject) => terms.every((term) => term(subject));
  };
  const terms = [parseAll()];
  while (scanner.skip('||')) terms.push(parseAll());
  return (subject) => terms.some((term) => term(subject));
}

export function invalidPattern(): Error {
  return invalid('Invalid filter pattern');
}

function toToken([, sign, quoted, regex, selector, word]: RegExpExecArray): Token {
  if (sign !== undefined) return { kind: 'sign', text: sign };
  if (quoted !== undefined) return { kind: 'quoted', text: quoted.replace(/\\(["\\])/g, '$1') };
  if (regex !== undefined) return { kind: 'regex', text: regex };
  if (selector !== undefined) return { kind: 'selector', text: selector };
  return { kind: 'word', text: word ?? '' };
}
