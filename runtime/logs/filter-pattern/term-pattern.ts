import { invalidPattern } from './scanner.ts';
import { parseRegex } from './small-regex.ts';

type Test = (message: string) => boolean;

/** `ERROR "not found" -expected`, or `?ERROR ?WARN`: words and phrases that a message has, or must not have. */
export function parseTermPattern(source: string): Test {
  const terms: Test[] = [];
  const others: Test[] = [];
  let rest = source.trim();
  while (rest !== '') {
    const found = /^([?-]?)(?:"((?:\\.|[^"\\])*)"|%((?:\\.|[^%\\])+)%|([^\s"]+))(?=\s|$)\s*/s.exec(rest);
    if (found === null) throw invalidPattern();
    const [all, sign, phrase, regex, word] = found;
    rest = rest.slice(all.length);
    const test = regex === undefined ? toTerm(phrase?.replace(/\\(["\\])/g, '$1') ?? word ?? '') : parseRegex(regex);
    if (sign === '-') terms.push((message) => !test(message));
    else (sign === '?' ? others : terms).push(test);
  }
  // Beside terms that must be there, optional ones change nothing.
  if (terms.length > 0 || others.length === 0) return (message) => terms.every((test) => test(message));
  return (message) => others.some((test) => test(message));
}

/** Words are whole: `ERROR` is in `[ERROR]`, and not in `ERRORS`. */
function toTerm(term: string): Test {
  if (term === '') return () => true;
  const [open, close] = [isWordCharacter(term, 0), isWordCharacter(term, term.length - 1)];
  return (message) => {
    for (let at = message.indexOf(term); at >= 0; at = message.indexOf(term, at + 1)) {
      const end = at + term.length;
      if (!(open && isWordCharacter(message, at - 1)) && !(close && isWordCharacter(message, end))) return true;
    }
    return false;
  };
}

function isWordCharacter(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);
}
