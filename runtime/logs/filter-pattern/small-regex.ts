import { invalid } from '../log-error.ts';
import { type CharacterSet, complementOf, toCharacterSet } from './character-set.ts';

/** Does a text have a part that the expression describes? */
export type Finds = (text: string) => boolean;

/** One character of the expression, and how often. */
interface Piece {
  readonly characters: CharacterSet;
  /** It may be left out. */
  readonly isOptional: boolean;
  /** It may come again. */
  readonly isRepeated: boolean;
}

interface Branch {
  readonly pieces: readonly Piece[];
  readonly rows: Rows;
  readonly fromStart: boolean;
  readonly toEnd: boolean;
}

/** Pieces of an expression when what is repeated is written out; each character of a text is looked at as often at the most. */
const MOST_PIECES = 128;
/** Of so many characters it is remembered which pieces they fit. */
const MOST_ROWS = 256;
const CLASSES: Readonly<Record<string, CharacterSet>> = {
  d: toCharacterSet([[48, 57]]),
  s: toCharacterSet([
    [32, 32],
    [9, 13],
  ]),
  w: toCharacterSet([
    [48, 57],
    [65, 90],
    [95, 95],
    [97, 122],
  ]),
};
const ANY = complementOf(toCharacterSet([]));

/**
 * The regular expressions of filter patterns: characters, classes, `^ $ . | ? * + {n,m}` and no groups. All ways through a text are
 * followed at once, so that no expression takes longer than its length for each character. Throws a LogError for any other.
 */
export function parseRegex(source: string): Finds {
  if (source === '') throw refuse();
  const branches = splitBranches(source).map(parseBranch);
  if (branches.reduce((sum, { pieces }) => sum + pieces.length, 0) > MOST_PIECES) throw refuse();
  return (text) => branches.some((branch) => finds(branch, text));
}

function finds({ pieces, rows, fromStart, toEnd }: Branch, text: string): boolean {
  const last = pieces.length;
  let [now, next] = [new Uint8Array(last + 1), new Uint8Array(last + 1)];
  for (let at = 0; ; at++) {
    if (at === 0 || !fromStart) reach(pieces, now, 0);
    if (now[last] === 1 && (!toEnd || at === text.length)) return true;
    if (at === text.length) return false;
    const row = rows.of(text.charCodeAt(at));
    next.fill(0);
    for (let place = 0; place < last; place++) {
      if (now[place] === 0 || row[place] === 0) continue;
      reach(pieces, next, place + 1);
      if (pieces[place]?.isRepeated) reach(pieces, next, place);
    }
    [now, next] = [next, now];
  }
}

/** Which pieces a character fits, by its code: told again for the characters that texts are made of. */
class Rows {
  readonly #pieces: readonly Piece[];
  readonly #rows = new Map<number, Uint8Array>();

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  of(code: number): Uint8Array {
    const known = this.#rows.get(code);
    if (known !== undefined) return known;
    const row = Uint8Array.from(this.#pieces, ({ characters }) => (characters.has(code) ? 1 : 0));
    if (this.#rows.size < MOST_ROWS) this.#rows.set(code, row);
    return row;
  }
}

/** Adds a place, and those behind it that nothing has to come before. */
function reach(pieces: readonly Piece[], places: Uint8Array, from: number): void {
  for (let place = from; places[place] === 0; place++) {
    places[place] = 1;
    if (!pieces[place]?.isOptional) return;
  }
}

function splitBranches(source: string): readonly string[] {
  return source.match(/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^|])+|(?<=\|)(?=\||$)|^(?=\|)/gs) ?? [];
}

function parseBranch(source: string): Branch {
  const fromStart = source.startsWith('^');
  const toEnd = /(?:^|[^\\])(?:\\\\)*\$$/.test(source);
  const body = source.slice(fromStart ? 1 : 0, toEnd ? -1 : undefined);
  const pieces: Piece[] = [];
  const part = /\\(x[0-9A-Fa-f]{2}|.)|\[(\^?)((?:\\.|[^\]\\])+)\]|([^\\[\](){}?*+^$|])/sy;
  const count = /[?*+]|\{(\d{1,3})(,(\d{0,3}))?\}/y;
  let at = 0;
  while (at < body.length) {
    part.lastIndex = at;
    const found = part.exec(body);
    if (found === null) throw refuse();
    const [all, escaped, negated, set, plain] = found;
    at += all.length;
    count.lastIndex = at;
    const counted = count.exec(body);
    at += counted?.[0].length ?? 0;
    const characters =
      escaped !== undefined
        ? toEscape(escaped)
        : set !== undefined
          ? toSet(set, negated === '^')
          : toPlain(plain as string);
    pieces.push(...repeat(characters, counted));
    if (pieces.length > MOST_PIECES) throw refuse();
  }
  return { pieces, rows: new Rows(pieces), fromStart, toEnd };
}

function repeat(characters: CharacterSet, counted: RegExpExecArray | null): readonly Piece[] {
  const once: Piece = { characters, isOptional: false, isRepeated: false };
  const perhaps: Piece = { ...once, isOptional: true };
  const anyNumber: Piece = { ...perhaps, isRepeated: true };
  switch (counted?.[0]) {
    case undefined:
      return [once];
    case '?':
      return [perhaps];
    case '*':
      return [anyNumber];
    case '+':
      return [{ ...once, isRepeated: true }];
  }
  const [, least = '0', range, most] = counted as RegExpExecArray;
  const min = Number(least);
  const max = range === undefined ? min : most ? Number(most) : undefined;
  if (max !== undefined && max < min) throw refuse();
  const required = Array.from({ length: min }, () => once);
  if (max === undefined) return [...required, anyNumber];
  return [...required, ...Array.from({ length: max - min }, () => perhaps)];
}

function toPlain(character: string): CharacterSet {
  return character === '.' ? ANY : toOne(character.charCodeAt(0));
}

function toEscape(escaped: string): CharacterSet {
  if (/^x../.test(escaped)) return toOne(Number.parseInt(escaped.slice(1), 16));
  const known = CLASSES[escaped.toLowerCase()];
  if (known === undefined) return toOne(escaped.charCodeAt(0));
  return escaped === escaped.toLowerCase() ? known : complementOf(known);
}

function toOne(code: number): CharacterSet {
  return toCharacterSet([[code, code]]);
}

function toSet(set: string, isNegated: boolean): CharacterSet {
  const ranges: (readonly [number, number])[] = [];
  const pattern = /(\\x[0-9A-Fa-f]{2}|\\.|[^\\])(?:-(\\x[0-9A-Fa-f]{2}|\\.|[^\\]))?/gs;
  for (const [, first = '', last] of set.matchAll(pattern)) {
    if (last === undefined) {
      ranges.push(...(first.startsWith('\\') ? toEscape(first.slice(1)) : toOne(first.charCodeAt(0))).ranges);
      continue;
    }
    const [low, high] = [toCode(first), toCode(last)];
    if (high < low) throw refuse();
    ranges.push([low, high]);
  }
  const characters = toCharacterSet(ranges);
  return isNegated ? complementOf(characters) : characters;
}

function toCode(character: string): number {
  if (!character.startsWith('\\')) return character.charCodeAt(0);
  return /^\\x../.test(character) ? Number.parseInt(character.slice(2), 16) : character.charCodeAt(1);
}

function refuse(): Error {
  return invalid('Invalid filter pattern: the regular expression is none of those that filter patterns know.');
}
