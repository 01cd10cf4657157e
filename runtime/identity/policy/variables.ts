import type { RequestContext } from './request-context.ts';
import { type Pattern, toPattern } from './wildcards.ts';

const VARIABLE = /\$\{([^{}]*)\}/g;
/** `${aws:username}`, or `${aws:username, 'someone'}` with what stands in when there is none. */
const REFERENCE = /^\s*([^\s,]+)\s*(?:,\s*'([^']*)'\s*)?$/;
const LITERALS: ReadonlyMap<string, string> = new Map([
  ['*', '*'],
  ['?', '?'],
  ['$', '$'],
]);

/**
 * A policy's text as a pattern, its variables replaced by what the request says, in which nothing is a wildcard. Without
 * `variables`, as in the older version of the language, they are plain text.
 * Undefined when a variable has no value, or several: then the text stands for nothing at all.
 */
export function toResolvedPattern(text: string, variables: RequestContext | undefined): Pattern | undefined {
  if (variables === undefined || !text.includes('${')) return toPattern(text);
  const pattern: number[] = [];
  let end = 0;
  for (const found of text.matchAll(VARIABLE)) {
    const value = lookUp(found[1]!, variables);
    if (value === undefined) return undefined;
    for (const code of toPattern(text.slice(end, found.index))) pattern.push(code);
    for (let at = 0; at < value.length; at += 1) pattern.push(value.charCodeAt(at));
    end = found.index + found[0].length;
  }
  for (const code of toPattern(text.slice(end))) pattern.push(code);
  return pattern;
}

/** The same as plain text, for operators that know no wildcards. */
export function toResolvedText(text: string, variables: RequestContext | undefined): string | undefined {
  if (variables === undefined || !text.includes('${')) return text;
  let isWhole = true;
  const resolved = text.replaceAll(VARIABLE, (_, reference: string) => {
    const value = lookUp(reference, variables);
    if (value === undefined) isWhole = false;
    return value ?? '';
  });
  return isWhole ? resolved : undefined;
}

function lookUp(inside: string, variables: RequestContext): string | undefined {
  const literal = LITERALS.get(inside);
  if (literal !== undefined) return literal;
  const [, name, fallback] = REFERENCE.exec(inside) ?? [];
  if (name === undefined) return undefined;
  const values = variables.get(name.toLowerCase());
  return values === undefined ? fallback : values.length === 1 ? values[0] : undefined;
}
