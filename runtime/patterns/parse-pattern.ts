import { isJsonObject, type JsonObject } from '../contract/json.ts';
import { parseOperator } from './operators.ts';
import type { Leaf, Leaves, Pattern, Test } from './pattern.ts';
import { PatternError } from './pattern-error.ts';

export { PatternError } from './pattern-error.ts';

/** Deeper is refused: it would exhaust the stack. */
const MOST_DEPTH = 1_000;

/**
 * Reads an event pattern as EventBridge has them: an object whose leaves are lists of what a value may be.
 *
 * ```json
 * { "source": ["a", { "prefix": "b." }], "detail": { "size": [{ "numeric": [">", 0, "<=", 5] }] } }
 * ```
 *
 * Throws a PatternError.
 */
export function parsePattern(text: string): Pattern {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new PatternError('it is not JSON');
  }
  if (!isJsonObject(value)) throw new PatternError('Filter is not an object');
  return toPattern(value, 1);
}

function toPattern(members: JsonObject, depth: number): Pattern {
  if (depth > MOST_DEPTH) throw new PatternError('it is too deep');
  const leaves = new Map<string, Leaves>();
  const inner = new Map<string, Pattern>();
  const alternatives: (readonly Pattern[])[] = [];
  for (const [name, value] of Object.entries(members)) {
    if (name === '$or') alternatives.push(toAlternatives(value, depth));
    else if (isJsonObject(value)) inner.set(name, toPattern(value, depth + 1));
    else if (Array.isArray(value)) leaves.set(name, toLeaves(name, value));
    else throw new PatternError(`"${name}" must be an object or an array`);
  }
  return { leaves, inner, alternatives };
}

function toAlternatives(value: unknown, depth: number): readonly Pattern[] {
  if (!Array.isArray(value) || value.length < 2 || !value.every(isJsonObject)) {
    throw new PatternError('There must have at least 2 Objects in $or relationship');
  }
  return value.map((each) => {
    if (Object.keys(each).length === 0) throw new PatternError('An Object in $or relationship is empty');
    return toPattern(each, depth + 1);
  });
}

function toLeaves(name: string, values: readonly unknown[]): Leaves {
  if (values.length === 0) throw new PatternError(`Empty arrays are not allowed: "${name}"`);
  const literals = new Set<Leaf>();
  const tests: Test[] = [];
  let absent = false;
  for (const value of values) {
    if (isJsonObject(value)) {
      const operator = parseOperator(value);
      if (operator === 'absent') absent = true;
      else tests.push(operator);
    } else if (Array.isArray(value)) throw new PatternError(`"${name}" must not hold arrays`);
    else literals.add(value as Leaf);
  }
  if (literals.size > 0) tests.unshift((leaf) => literals.has(leaf));
  return { tests, absent };
}
