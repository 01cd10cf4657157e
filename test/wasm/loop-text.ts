/** Counted loops in flat text: f(i, n, stop) adds up i, turn for turn; some leave when the sum reaches stop. */
export interface LoopPlan {
  readonly form: 'behind' | 'if' | 'branch';
  readonly step: number;
  /** Of i and the bound, or of i and nothing. */
  readonly compare: string | undefined;
  readonly operands: 'bound behind' | 'bound before';
  readonly bound: 'parameter' | number;
  readonly leaves: 'by br_if' | 'by br' | 'never';
  readonly update: 'add' | 'sub' | 'old value kept';
  /** A constant that i begins with. */
  readonly first?: number;
  /** Lines of each turn besides. */
  readonly inside?: readonly string[];
}

const NEGATED: Readonly<Record<string, string>> = {
  'i32.ne': 'i32.eq',
  'i32.eq': 'i32.ne',
  'i32.lt_s': 'i32.ge_s',
  'i32.lt_u': 'i32.ge_u',
  'i32.gt_s': 'i32.le_s',
  'i32.gt_u': 'i32.le_u',
  'i32.le_s': 'i32.gt_s',
  'i32.le_u': 'i32.gt_u',
  'i32.ge_s': 'i32.lt_s',
  'i32.ge_u': 'i32.lt_u',
};
export const COMPARES: readonly string[] = Object.keys(NEGATED);

export function loopLines(plan: LoopPlan): string[] {
  const { form, step, compare, operands, leaves, inside = [] } = plan;
  const bound = plan.bound === 'parameter' ? 'local.get 1' : `i32.const ${plan.bound}`;
  const asks = (index: readonly string[], how: string | undefined): string[] =>
    how === undefined
      ? [...index]
      : operands === 'bound before'
        ? [bound, ...index, exchanged(how)]
        : [...index, bound, how];
  const sum = ['local.get 3', 'local.get 0', 'i32.add', 'local.set 3', ...inside];
  const early = {
    'by br_if': ['local.get 3', 'local.get 2', 'i32.eq', 'br_if $out'],
    'by br': ['local.get 3', 'local.get 2', 'i32.eq', 'if', 'br $out', 'end'],
    never: [],
  }[leaves];
  const changed = {
    add: ['local.get 0', `i32.const ${step}`, 'i32.add'],
    sub: ['local.get 0', `i32.const ${-step | 0}`, 'i32.sub'],
    'old value kept': ['local.get 0', 'local.tee 5', `i32.const ${step}`, 'i32.add'],
  }[plan.update];
  const turn = [...sum, ...early];
  const loop = {
    behind: ['loop $l', ...turn, ...asks([...changed, 'local.tee 0'], compare), 'br_if $l', 'end'],
    if: [
      ...['loop $l', ...asks(['local.get 0'], compare), 'if'],
      ...[...turn, ...changed, 'local.set 0', 'br $l', 'end', 'end'],
    ],
    branch: [
      ...['loop $l', ...asks(['local.get 0'], compare === undefined ? undefined : NEGATED[compare])],
      ...(compare === undefined ? ['i32.eqz'] : []),
      ...['br_if $out', ...turn, ...changed, 'local.set 0', 'br $l', 'end'],
    ],
  }[form];
  return [
    ...(plan.first === undefined ? [] : [`i32.const ${plan.first}`, 'local.set 0']),
    'block $out',
    ...loop,
    ...(form === 'branch' ? [] : ['i32.const 7', 'local.set 4']),
    'end',
    ...['local.get 3', 'local.get 4', 'i32.add', 'local.get 0', 'i32.add', 'local.get 5', 'i32.add'],
  ];
}

export const toWat = (lines: readonly string[]): string =>
  `(module (global $count (export "count") (mut i64) (i64.const 0))
  (func (export "f") (param i32 i32 i32) (result i32) (local i32 i32 i32 i32)\n${lines.join('\n')}\n))`;

const FREE = new Set(['block', 'loop', 'else', 'end', 'nop']);

/** What one execution costs, from the instruction's name alone. */
function weightOf(text: string): number {
  return FREE.has(text.split(' ')[0]!) ? 0 : 1;
}

/** The line with a counter before it that adds its weight. */
export const counting = (line: string): string =>
  weightOf(line) === 0 ? line : `global.get $count\ni64.const ${weightOf(line)}\ni64.add\nglobal.set $count\n${line}`;

/** Turns the loop makes unless it leaves early, up to `most`. */
export function turnsOf({ form, step, compare, bound }: LoopPlan, first: number, limit: number, most: number): number {
  const end = bound === 'parameter' ? limit : bound;
  let index = first;
  for (let turns = 0; turns <= most; turns++) {
    if ((turns > 0 || form !== 'behind') && !holds(compare, index, end)) return turns;
    index = (index + step) | 0;
  }
  return Number.POSITIVE_INFINITY;
}

function holds(compare: string | undefined, index: number, bound: number): boolean {
  const [a, b] = compare?.endsWith('_u') ? [index >>> 0, bound >>> 0] : [index, bound];
  switch (compare?.slice(4, 6)) {
    case undefined:
      return a !== 0;
    case 'ne':
      return a !== b;
    case 'eq':
      return a === b;
    case 'lt':
      return a < b;
    case 'le':
      return a <= b;
    case 'gt':
      return a > b;
    default:
      return a >= b;
  }
}

/** The comparison with its operands exchanged. */
function exchanged(compare: string): string {
  return compare.replace(/lt|le|gt|ge/, (name) => ({ lt: 'gt', le: 'ge', gt: 'lt', ge: 'le' })[name]!);
}
