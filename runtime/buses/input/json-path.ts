/** A member's name, an element's place, or everything that is there. */
type Step = { readonly name: string } | { readonly at: number } | 'all';

/** Finds a value in a JSON value; undefined when there is none. */
export type JsonPath = (value: unknown) => unknown;

const MOST_STEPS = 64;
const STEP = /\.([\w@$-]+)|\.\*|\[(\d{1,9})\]|\[\*\]|\['((?:[^'\\]|\\['\\])*)'\]|\["((?:[^"\\]|\\["\\])*)"\]/y;

/** Reads `$.detail.items[0].name`, `$['detail']` or `$.detail.items[*].name`; undefined for what is no path. */
export function parseJsonPath(text: string): JsonPath | undefined {
  if (!text.startsWith('$')) return undefined;
  const steps: Step[] = [];
  const expression = new RegExp(STEP);
  for (expression.lastIndex = 1; expression.lastIndex < text.length; ) {
    const found = expression.exec(text);
    if (found === null || steps.length === MOST_STEPS) return undefined;
    const [, name, at, quoted, doubleQuoted] = found;
    const escaped = quoted ?? doubleQuoted;
    if (at !== undefined) steps.push({ at: Number(at) });
    else if (name !== undefined) steps.push({ name });
    else steps.push(escaped === undefined ? 'all' : { name: escaped.replace(/\\(.)/g, '$1') });
  }
  return (value) => follow(value, steps);
}

/** From `all` on, a list of what is found behind each. */
function follow(value: unknown, [step, ...rest]: readonly Step[]): unknown {
  if (step === undefined) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  if (step === 'all') {
    return Object.values(value)
      .map((each) => follow(each, rest))
      .filter((each) => each !== undefined);
  }
  if ('at' in step) return Array.isArray(value) ? follow(value[step.at], rest) : undefined;
  if (Array.isArray(value) || !Object.hasOwn(value, step.name)) return undefined;
  return follow((value as Readonly<Record<string, unknown>>)[step.name], rest);
}
