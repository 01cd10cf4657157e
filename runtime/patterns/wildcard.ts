import { PatternError } from './pattern-error.ts';

/** `*` stands for any characters, none too; `\*` and `\\` for themselves. Never slower than the text and its parts are long. */
export function toWildcardTest(wildcard: string): (text: string) => boolean {
  const parts = toParts(wildcard);
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return (text) => text === first;
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    const end = text.length - last.length;
    let at = first.length;
    for (const part of rest) {
      const found = text.indexOf(part, at);
      if (found === -1 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}

/** What stands between the stars. */
function toParts(wildcard: string): readonly string[] {
  const parts = [''];
  for (let at = 0; at < wildcard.length; at++) {
    const character = wildcard[at] as string;
    const next = wildcard[at + 1];
    if (character === '*') {
      if (next === '*') throw new PatternError(`Consecutive wildcard characters at pos ${at}`);
      parts.push('');
    } else if (character === '\\') {
      if (next !== '*' && next !== '\\') throw new PatternError(`Invalid escape character at pos ${at}`);
      parts.push(`${parts.pop()}${next}`);
      at++;
    } else parts.push(`${parts.pop()}${character}`);
  }
  return parts;
}
