type Json = Readonly<Record<string, unknown>>;

const COMPARISONS = ['<', '<=', '=', '>', '>='];

/** The operators of event patterns, and what each takes. */
const OPERATORS: Readonly<Record<string, (value: unknown) => boolean>> = {
  exists: (value) => typeof value === 'boolean',
  prefix: (value) => isText(value) || isCaseless(value),
  suffix: (value) => isText(value) || isCaseless(value),
  'equals-ignore-case': isText,
  wildcard: isText,
  cidr: isText,
  numeric: isNumeric,
  'anything-but': isException,
};

/** True when `text` is an event pattern: an object whose leaves are lists of what a value may be. */
export function isFilterPattern(text: string): boolean {
  try {
    const pattern: unknown = JSON.parse(text);
    return isObject(pattern) && isPattern(pattern);
  } catch {
    return false;
  }
}

function isPattern(pattern: Json): boolean {
  return Object.entries(pattern).every(([name, value]) => {
    if (name === '$or') return Array.isArray(value) && value.length > 0 && value.every(isAlternative);
    if (isObject(value)) return isPattern(value);
    return Array.isArray(value) && value.length > 0 && value.every(isMatcher);
  });
}

function isAlternative(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length > 0 && isPattern(value);
}

function isMatcher(value: unknown): boolean {
  if (!isObject(value)) return isLiteral(value);
  const [[name, operand] = ['', undefined], ...others] = Object.entries(value);
  return others.length === 0 && Object.hasOwn(OPERATORS, name) && OPERATORS[name]!(operand);
}

function isException(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every((each) => isText(each) || Number.isFinite(each));
  if (!isObject(value)) return isText(value) || Number.isFinite(value);
  const [[name, operand] = ['', undefined], ...others] = Object.entries(value);
  const known = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'].includes(name);
  return others.length === 0 && known && (isText(operand) || (Array.isArray(operand) && operand.every(isText)));
}

/** `['>', 0, '<=', 5]`: one comparison, or two that bound from both sides. */
function isNumeric(value: unknown): boolean {
  if (!Array.isArray(value) || (value.length !== 2 && value.length !== 4)) return false;
  return value.every((each, at) => (at % 2 === 0 ? COMPARISONS.includes(each as string) : Number.isFinite(each)));
}

function isCaseless(value: unknown): boolean {
  return isObject(value) && Object.keys(value).join() === 'equals-ignore-case' && isText(value['equals-ignore-case']);
}

function isLiteral(value: unknown): boolean {
  return value === null || isText(value) || typeof value === 'boolean' || Number.isFinite(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
