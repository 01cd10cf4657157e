import { type Comparison, parseComparison } from './comparison.ts';
import { invalidPattern, parseJoined, Scanner } from './scanner.ts';

type Test = (event: unknown) => boolean;
type Step = string | number | '*[]';

/** `{ $.a = "x" && ($.b[0] > 1 || $.c NOT EXISTS) }`: of messages that are JSON objects. */
export function parseJsonPattern(source: string): (message: string) => boolean {
  const scanner = new Scanner(source.slice(1, -1));
  const test = parseJoined<unknown>(scanner, () => parseTerm(scanner));
  scanner.end();
  return (message) => {
    const event = parseObject(message);
    return event !== undefined && test(event);
  };
}

function parseTerm(scanner: Scanner): Test {
  if (scanner.skip('(')) {
    const inner = parseJoined<unknown>(scanner, () => parseTerm(scanner));
    scanner.expect(')');
    return inner;
  }
  const { kind, text } = scanner.take();
  if (kind !== 'selector') throw invalidPattern();
  const path = parsePath(text);
  if (scanner.skip('NOT')) {
    scanner.expect('EXISTS');
    return (event) => select(event, path).length === 0;
  }
  if (scanner.skip('EXISTS')) return (event) => select(event, path).length > 0;
  if (scanner.skip('IS')) {
    const wanted = parseConstant(scanner);
    return (event) => select(event, path).includes(wanted);
  }
  const comparison = parseComparison(scanner);
  return (event) => select(event, path).some((value) => isPlain(value) && comparison(value));
}

function parseConstant(scanner: Scanner): boolean | null {
  if (scanner.skip('NULL')) return null;
  if (scanner.skip('TRUE')) return true;
  scanner.expect('FALSE');
  return false;
}

function parsePath(selector: string): readonly Step[] {
  const steps: Step[] = [];
  for (const [, name, quoted, index] of selector.slice(1).matchAll(/\.?(?:([^.[\]]+)|\['([^']*)'\]|\[(\d+|\*)\])/g)) {
    const step = name ?? quoted;
    if (step !== undefined) steps.push(step);
    else steps.push(index === '*' ? '*[]' : Number(index));
  }
  return steps;
}

/** What the path leads to: several values when it goes through all items of a list. */
function select(event: unknown, path: readonly Step[]): readonly unknown[] {
  let found: readonly unknown[] = [event];
  for (const step of path) {
    found = found.flatMap((value): readonly unknown[] => {
      if (step === '*[]') return Array.isArray(value) ? value : [];
      if (typeof value !== 'object' || value === null || Array.isArray(value) !== (typeof step === 'number')) return [];
      return Object.hasOwn(value, step) ? [(value as Record<string | number, unknown>)[step]] : [];
    });
  }
  return found;
}

function isPlain(value: unknown): value is Parameters<Comparison>[0] {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function parseObject(message: string): unknown {
  const text = message.trim();
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
