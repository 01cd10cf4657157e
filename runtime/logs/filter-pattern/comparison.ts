import { invalidPattern, type Scanner, type Token } from './scanner.ts';
import { parseRegex } from './small-regex.ts';

/** What a value is held against. */
export type Comparison = (value: string | number | boolean) => boolean;

const OPERATORS = ['=', '!=', '<', '<=', '>', '>='] as const;
type Operator = (typeof OPERATORS)[number];
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** `= "x"`, `!= x*`, `>= 4`, `= %regex%`. */
export function parseComparison(scanner: Scanner): Comparison {
  const { kind, text } = scanner.take();
  if (kind !== 'sign' || !isOperator(text)) throw invalidPattern();
  const operand = scanner.take();
  if (operand.kind === 'sign' || operand.kind === 'selector') throw invalidPattern();
  if (text === '=') return toEqual(operand);
  if (text === '!=') {
    const equals = toEqual(operand);
    return (value) => !equals(value);
  }
  if (operand.kind !== 'word' || !NUMBER.test(operand.text)) throw invalidPattern();
  return toOrder(text, Number(operand.text));
}

function toEqual({ kind, text }: Token): Comparison {
  if (kind === 'regex') {
    const finds = parseRegex(text);
    return (value) => finds(String(value));
  }
  if (kind === 'word' && NUMBER.test(text)) {
    const number = Number(text);
    return (value) => toNumber(value) === number;
  }
  const matches = toWildcard(text);
  return (value) => matches(String(value));
}

function toOrder(operator: Exclude<Operator, '=' | '!='>, number: number): Comparison {
  return (value) => {
    const own = toNumber(value);
    switch (operator) {
      case '<':
        return own < number;
      case '<=':
        return own <= number;
      case '>':
        return own > number;
      case '>=':
        return own >= number;
    }
  };
}

/** `*` stands for any characters. */
function toWildcard(pattern: string): (text: string) => boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return (text) => text === pattern;
  return (text) => {
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    for (const part of rest) {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= text.length - last.length;
  };
}

/** NaN, which is neither less nor more than anything, for what is no number. */
function toNumber(value: string | number | boolean): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && NUMBER.test(value) ? Number(value) : Number.NaN;
}

function isOperator(text: string): text is Operator {
  return (OPERATORS as readonly string[]).includes(text);
}
