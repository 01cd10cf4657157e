/** What a placeholder stands for; undefined when there is nothing, `UNKNOWN` for what is no placeholder. */
export type Lookup = (name: string) => unknown;

/** What a template means by a name that it was not told of: it stays as it is. */
export const UNKNOWN: unique symbol = Symbol('unknown');

/** What comes of a template may be no longer, in characters: no target takes more. */
const MOST_INPUT = 1_048_576;

/**
 * Puts values into a template: JSON with placeholders such as `<name>`. Outside of quotes one becomes the value as JSON, null
 * where there is none; within quotes its text, nothing where there is none. The template's own escapes stay. Throws a RangeError
 * when it becomes too long.
 */
export function fillTemplate(template: string, lookup: Lookup): string {
  let isQuoted = false;
  let isEscaped = false;
  let filled = '';
  for (let at = 0; at < template.length; at++) {
    const character = template[at] as string;
    if (character === '<' && !isEscaped) {
      const end = template.indexOf('>', at);
      const name = end === -1 ? '' : template.slice(at + 1, end);
      const value = /^[\w.-]{1,256}$/.test(name) ? lookup(name) : UNKNOWN;
      if (value !== UNKNOWN) {
        filled += isQuoted ? toQuoted(value) : JSON.stringify(value ?? null);
        if (filled.length > MOST_INPUT) throw new RangeError(`it is longer than ${MOST_INPUT} characters.`);
        at = end;
        continue;
      }
    }
    if (character === '"' && !isEscaped) isQuoted = !isQuoted;
    isEscaped = character === '\\' && !isEscaped;
    filled += character;
  }
  return filled;
}

function toQuoted(value: unknown): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return JSON.stringify(text).slice(1, -1);
}
