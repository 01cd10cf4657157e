import { isJsonObject, type JsonObject } from '../contract/json.ts';
import { toAddressTest } from './address-range.ts';
import type { Leaf, Test } from './pattern.ts';
import { PatternError } from './pattern-error.ts';
import { toWildcardTest } from './wildcard.ts';

/** What a text may be. */
type TextTest = (text: string) => boolean;

/** EventBridge compares numbers within these. */
const MOST_NUMBER = 5_000_000_000;

const OPERATORS: Readonly<Record<string, (operand: unknown) => Test | 'absent'>> = {
  exists(operand) {
    if (typeof operand !== 'boolean') throw new PatternError('exists match pattern must be either true or false.');
    return operand ? () => true : 'absent';
  },
  prefix: (operand) => ofText(toPrefixTest(operand)),
  suffix: (operand) => ofText(toSuffixTest(operand)),
  'equals-ignore-case': (operand) => ofText(toCaselessTest(operand)),
  wildcard: (operand) => ofText(toWildcardTest(toText('wildcard', operand))),
  cidr: (operand) => ofText(toAddressTest(toText('cidr', operand))),
  numeric: toNumericTest,
  'anything-but': toExceptionTest,
};

/** What may be excepted, alone or in a list. */
const EXCEPTIONS: Readonly<Record<string, (operand: unknown) => TextTest>> = {
  prefix: toPrefixTest,
  suffix: toSuffixTest,
  'equals-ignore-case': toCaselessTest,
  wildcard: (operand) => toWildcardTest(toText('wildcard', operand)),
};

/** Reads `{"operator": operand}`; `absent` is `{"exists": false}`. Throws a PatternError. */
export function parseOperator(members: JsonObject): Test | 'absent' {
  const [name, operand] = onlyMember(members);
  if (!Object.hasOwn(OPERATORS, name)) throw new PatternError(`Unrecognized match type ${name}`);
  return OPERATORS[name]!(operand);
}

function onlyMember(members: JsonObject): readonly [string, unknown] {
  const [only, ...others] = Object.entries(members);
  if (only === undefined || others.length > 0) throw new PatternError('Only one key allowed in match expression');
  return only;
}

function ofText(test: TextTest): Test {
  return (leaf) => typeof leaf === 'string' && test(leaf);
}

function toPrefixTest(operand: unknown): TextTest {
  if (!isJsonObject(operand)) {
    const prefix = toText('prefix', operand);
    return (text) => text.startsWith(prefix);
  }
  const prefix = toCaseless('prefix', operand);
  return (text) => toLower(text).startsWith(prefix);
}

function toSuffixTest(operand: unknown): TextTest {
  if (!isJsonObject(operand)) {
    const suffix = toText('suffix', operand);
    return (text) => text.endsWith(suffix);
  }
  const suffix = toCaseless('suffix', operand);
  return (text) => toLower(text).endsWith(suffix);
}

function toCaselessTest(operand: unknown): TextTest {
  const wanted = toLower(toText('equals-ignore-case', operand));
  return (text) => toLower(text) === wanted;
}

/** `{"equals-ignore-case": "x"}` as the operand of another operator. */
function toCaseless(operator: string, operand: JsonObject): string {
  const [name, text] = onlyMember(operand);
  if (name !== 'equals-ignore-case') throw new PatternError(`Unsupported ${operator} pattern: ${name}`);
  return toLower(toText(name, text));
}

/** `[">", 0, "<=", 5]`: one comparison, or two that bound from below and above. */
function toNumericTest(operand: unknown): Test {
  const [first, from, second, to, ...more] = Array.isArray(operand) ? operand : [];
  const isRange = ['>', '>='].includes(first) && ['<', '<='].includes(second);
  if (more.length > 0 || (second !== undefined && !isRange)) {
    throw new PatternError('Invalid member in numeric match: a range is bounded from below and then from above');
  }
  const below = toComparison(first, from);
  if (second === undefined) return (leaf) => typeof leaf === 'number' && below(leaf);
  const above = toComparison(second, to);
  if (from >= to) throw new PatternError('Bottom must be less than top');
  return (leaf) => typeof leaf === 'number' && below(leaf) && above(leaf);
}

function toComparison(operator: unknown, bound: unknown): (number: number) => boolean {
  if (typeof bound !== 'number' || Math.abs(bound) > MOST_NUMBER) {
    throw new PatternError('Value must be between -5.0E9 and 5.0E9, inclusive');
  }
  switch (operator) {
    case '=':
      return (number) => number === bound;
    case '<':
      return (number) => number < bound;
    case '<=':
      return (number) => number <= bound;
    case '>':
      return (number) => number > bound;
    case '>=':
      return (number) => number >= bound;
    default:
      throw new PatternError('Unrecognized numeric range operator');
  }
}

function toExceptionTest(operand: unknown): Test {
  if (isJsonObject(operand)) {
    const [name, excepted] = onlyMember(operand);
    const toTest = Object.hasOwn(EXCEPTIONS, name) ? EXCEPTIONS[name] : undefined;
    if (toTest === undefined) throw new PatternError(`Unsupported anything-but pattern: ${name}`);
    const tests = toList(excepted).map(toTest);
    return (leaf) => typeof leaf !== 'string' || !tests.some((test) => test(leaf));
  }
  const excepted = toList(operand);
  const kinds = new Set(excepted.map((each) => typeof each));
  if (kinds.size > 1 || !(kinds.has('string') || kinds.has('number'))) {
    throw new PatternError('Inside anything but list, either all values are number or string');
  }
  const values = new Set(excepted as readonly Leaf[]);
  return (leaf) => !values.has(leaf);
}

function toList(operand: unknown): readonly unknown[] {
  const list = Array.isArray(operand) ? operand : [operand];
  if (list.length === 0) throw new PatternError('Empty arrays are not allowed');
  return list;
}

function toText(operator: string, operand: unknown): string {
  if (typeof operand === 'string') return operand;
  throw new PatternError(`${operator} match pattern must be a string`);
}

function toLower(text: string): string {
  return text.toUpperCase().toLowerCase();
}
