/** Which days of a month a schedule means, told by the month. */
type DaysOf = (year: number, month: number) => ReadonlySet<number>;

export interface Cron {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  /** In their order. */
  readonly daysOf: (year: number, month: number) => readonly number[];
  /** 1 to 12. */
  readonly months: ReadonlySet<number>;
  readonly years: ReadonlySet<number>;
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

const MINUTES: Range = { from: 0, to: 59 };
const HOURS: Range = { from: 0, to: 23 };
const DAYS: Range = { from: 1, to: 31 };
const MONTHS: Range = {
  ...{ from: 1, to: 12 },
  names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
};
/** Sunday is 1. */
const WEEKDAYS: Range = { from: 1, to: 7, names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] };
export const YEARS: Range = { from: 1970, to: 2199 };

const SATURDAY = 7;
const SUNDAY = 1;

/** The six fields of `cron(minutes hours day-of-month month day-of-week year)`; undefined for what is none. */
export function parseCron(text: string): Cron | undefined {
  const [minutes = '', hours = '', days = '', months = '', weekdays = '', years = '', ...more] = text
    .trim()
    .split(/ +/);
  if (more.length > 0) return undefined;
  const daysOf = parseDays(days.toUpperCase(), weekdays.toUpperCase());
  const [m, h, mo, y] = [
    parseField(minutes, MINUTES),
    parseField(hours, HOURS),
    parseField(months.toUpperCase(), MONTHS),
    parseField(years, YEARS),
  ];
  if (!daysOf || !m || !h || !mo || !y) return undefined;
  return { minutes: m, hours: h, daysOf: inOrder(daysOf), months: mo, years: y };
}

/** Remembers the last month, which is mostly asked for again. */
function inOrder(daysOf: DaysOf): Cron['daysOf'] {
  let known: { readonly year: number; readonly month: number; readonly days: readonly number[] } | undefined;
  return (year, month) => {
    if (known?.year !== year || known.month !== month) {
      known = { year, month, days: [...daysOf(year, month)].sort((a, b) => a - b) };
    }
    return known.days;
  };
}

/** Just one of the two says something, the other one is `?`. */
function parseDays(days: string, weekdays: string): DaysOf | undefined {
  if ((days === '?') === (weekdays === '?')) return undefined;
  return weekdays === '?' ? parseDaysOfMonth(days) : parseDaysOfWeek(weekdays);
}

function parseDaysOfMonth(text: string): DaysOf | undefined {
  if (text === 'L') return (year, month) => new Set([lengthOf(year, month)]);
  if (text === 'LW') return (year, month) => new Set([nearestWorkday(year, month, lengthOf(year, month))]);
  const [, near] = /^(\d{1,2})W$/.exec(text) ?? [];
  if (near !== undefined) {
    const day = parseNumber(near, DAYS);
    if (day === undefined) return undefined;
    return (year, month) => new Set(day > lengthOf(year, month) ? [] : [nearestWorkday(year, month, day)]);
  }
  const days = parseField(text, DAYS);
  return days && ((year, month) => new Set([...days].filter((day) => day <= lengthOf(year, month))));
}

function parseDaysOfWeek(text: string): DaysOf | undefined {
  const [, last] = /^(\w+)L$/.exec(text) ?? [];
  if (last !== undefined) {
    const weekday = parseNumber(last, WEEKDAYS);
    if (weekday === undefined) return undefined;
    return (year, month) => new Set(datesOf(year, month, weekday).slice(-1));
  }
  const [, each, ordinal] = /^(\w+)#([1-5])$/.exec(text) ?? [];
  if (each !== undefined) {
    const weekday = parseNumber(each, WEEKDAYS);
    if (weekday === undefined) return undefined;
    return (year, month) => new Set(datesOf(year, month, weekday).slice(Number(ordinal) - 1, Number(ordinal)));
  }
  const weekdays = text === 'L' ? new Set([SATURDAY]) : parseField(text, WEEKDAYS);
  return weekdays && ((year, month) => new Set([...weekdays].flatMap((weekday) => datesOf(year, month, weekday))));
}

/** `a`, `a-b`, `*` and each of them with `/step`, in a list. A range that ends before it begins goes on from the start. */
function parseField(text: string, range: Range): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const [, first = '', last, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d{1,4}))?$/.exec(part) ?? [];
    const from = first === '*' ? range.from : parseNumber(first, range);
    const open = first === '*' || (step !== undefined && last === undefined);
    const to = last === undefined ? (open ? range.to : from) : parseNumber(last, range);
    const by = step === undefined ? 1 : Number(step);
    if (from === undefined || to === undefined || (first === '*' && last !== undefined)) return undefined;
    if (by < 1 || by > range.to || (to < from && range === YEARS)) return undefined;
    const length = range.to - range.from + 1;
    for (let at = from; at <= (to < from ? to + length : to); at += by) {
      values.add(range.from + ((at - range.from) % length));
    }
  }
  return values;
}

function parseNumber(text: string, { from, to, names = [] }: Range): number | undefined {
  const number = /^\d{1,4}$/.test(text) ? Number(text) : names.indexOf(text) + 1 || undefined;
  return number !== undefined && number >= from && number <= to ? number : undefined;
}

function lengthOf(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function weekdayOf(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
}

function datesOf(year: number, month: number, weekday: number): readonly number[] {
  const first = 1 + ((weekday - weekdayOf(year, month, 1) + 7) % 7);
  return Array.from({ length: 5 }, (_, week) => first + 7 * week).filter((day) => day <= lengthOf(year, month));
}

/** Of the same month. */
function nearestWorkday(year: number, month: number, day: number): number {
  const weekday = weekdayOf(year, month, day);
  if (weekday === SATURDAY) return day === 1 ? 3 : day - 1;
  if (weekday === SUNDAY) return day === lengthOf(year, month) ? day - 2 : day + 1;
  return day;
}
