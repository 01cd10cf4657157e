import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../../runtime/buses/schedule/schedule.ts';

const MINUTE = 60_000;
const at = (text: string): number => Date.parse(`${text}Z`);
const nextOf = (expression: string, from: string): string | undefined => {
  const next = parseSchedule(expression)?.next(at(from), at(from));
  return next === undefined ? undefined : new Date(next).toISOString().slice(0, 16);
};

describe('a rate', () => {
  it('counts from when it was made, whenever it is asked', () => {
    const rate = parseSchedule('rate(5 minutes)');
    const anchor = at('2026-03-01T10:00:07');
    expect(rate?.next(anchor, anchor)).toBe(at('2026-03-01T10:05:07'));
    expect(rate?.next(at('2026-03-01T10:05:06.999'), anchor)).toBe(at('2026-03-01T10:05:07'));
    expect(rate?.next(at('2026-03-01T10:05:07'), anchor)).toBe(at('2026-03-01T10:10:07'));
    expect(rate?.next(at('2027-03-01T10:04:00'), anchor)).toBe(at('2027-03-01T10:05:07'));
    expect(rate?.next(anchor - MINUTE, anchor)).toBe(at('2026-03-01T10:05:07'));
    expect(parseSchedule('rate(1 hour)')?.next(anchor, anchor)).toBe(anchor + 60 * MINUTE);
    expect(parseSchedule('rate(2 days)')?.next(anchor, anchor)).toBe(anchor + 2_880 * MINUTE);
  });

  it.each([
    ...[
      'rate(1 minutes)',
      'rate(5 minute)',
      'rate(0 minutes)',
      'rate(-1 minutes)',
      'rate(1.5 hours)',
      'rate(1 second)',
    ],
    ...['rate(minute)', 'rate(1minute)', 'Rate(1 minute)', 'rate(1 week)', 'rate()', 'rate(5 minutes', '5 minutes', ''],
  ])('is not %s', (text) => {
    expect(parseSchedule(text)).toBeUndefined();
  });
});

describe('a cron expression', () => {
  it.each([
    ['cron(0 10 * * ? *)', '2026-03-01T10:00', '2026-03-02T10:00'],
    ['cron(15 12 * * ? *)', '2026-03-01T10:00', '2026-03-01T12:15'],
    ['cron(0 18 ? * MON-FRI *)', '2026-03-06T18:00', '2026-03-09T18:00'],
    ['cron(0 8 1 * ? *)', '2026-03-01T10:00', '2026-04-01T08:00'],
    ['cron(0/15 * * * ? *)', '2026-03-01T10:46', '2026-03-01T11:00'],
    ['cron(10/15 * * * ? *)', '2026-03-01T10:41', '2026-03-01T10:55'],
    ['cron(0/5 8-17 ? * MON-FRI *)', '2026-03-06T17:55', '2026-03-09T08:00'],
    ['cron(0 9 ? * 2#1 *)', '2026-03-03T00:00', '2026-04-06T09:00'],
    ['cron(0 0 ? * 3#5 *)', '2026-04-01T00:00', '2026-06-30T00:00'],
    ['cron(0 0 ? * 6L *)', '2026-02-27T00:00', '2026-03-27T00:00'],
    ['cron(0 0 ? * L *)', '2026-03-01T00:00', '2026-03-07T00:00'],
    ['cron(0 0 L * ? *)', '2026-02-01T00:00', '2026-02-28T00:00'],
    ['cron(0 0 L FEB ? *)', '2026-03-01T00:00', '2027-02-28T00:00'],
    ['cron(0 0 L 2 ? 2028)', '2026-03-01T00:00', '2028-02-29T00:00'],
    ['cron(0 0 LW * ? *)', '2026-05-01T00:00', '2026-05-29T00:00'],
    ['cron(0 0 3W * ? *)', '2026-05-01T00:00', '2026-05-04T00:00'],
    ['cron(0 0 1W * ? *)', '2026-07-31T23:59', '2026-08-03T00:00'],
    ['cron(0 0 31W * ? *)', '2026-05-01T00:00', '2026-05-29T00:00'],
    ['cron(0 0 31W 4,5 ? *)', '2026-04-01T00:00', '2026-05-29T00:00'],
    ['cron(0 0 29 2 ? *)', '2026-03-01T00:00', '2028-02-29T00:00'],
    ['cron(0 22-2/2 * * ? *)', '2026-03-01T22:00', '2026-03-02T00:00'],
    ['cron(0 0 ? * FRI-MON *)', '2026-03-03T00:00', '2026-03-06T00:00'],
    ['cron(0 0 1 JAN,jul ? *)', '2026-01-01T00:00', '2026-07-01T00:00'],
    ['cron(0 0 1 1 ? 2199)', '2026-01-01T00:00', '2199-01-01T00:00'],
    ['cron(0  0  1  1  ?  2026/2)', '2026-01-01T00:00', '2028-01-01T00:00'],
  ])('%s after %s fires at %s', (expression, from, next) => {
    expect(nextOf(expression, from)).toBe(next);
  });

  it.each(['cron(0 0 31 2 ? *)', 'cron(0 0 1 1 ? 1970)', 'cron(0 0 1 1 ? 2025-2026)'])(
    '%s never fires again',
    (text) => {
      expect(parseSchedule(text)).toBeDefined();
      expect(nextOf(text, '2026-03-01T00:00')).toBeUndefined();
    },
  );

  it.each([
    ...['cron(* * * * * *)', 'cron(* * ? * ? *)', 'cron(* * * * ?)', 'cron(* * * * ? * *)', 'cron(60 * * * ? *)'],
    ...['cron(* 24 * * ? *)', 'cron(* * 0 * ? *)', 'cron(* * 32 * ? *)', 'cron(* * * 13 ? *)', 'cron(* * ? * 0 *)'],
    ...[
      'cron(* * ? * 8 *)',
      'cron(* * * * ? 1969)',
      'cron(* * * * ? 2200)',
      'cron(*/0 * * * ? *)',
      'cron(*/60 * * * ? *)',
    ],
    ...[
      'cron(? * * * ? *)',
      'cron(* * L,1 * ? *)',
      'cron(* * 3W,5W * ? *)',
      'cron(* * ? * 2#1,3#1 *)',
      'cron(* * ? * 2#6 *)',
    ],
    ...['cron(* * ? * 2#0 *)', 'cron(* * W * ? *)', 'cron(* * 32W * ? *)', 'cron(* * ? * 8L *)', 'cron(L * * * ? *)'],
    ...['cron(1- * * * ? *)', 'cron(1,,2 * * * ? *)', 'cron(a * * * ? *)', 'cron(*-5 * * * ? *)', 'cron(1/ * * * ? *)'],
    ...[
      'cron(* * * JANUARY ? *)',
      'cron(* * ? * MONDAY *)',
      'cron(* * * * ? 2030-2020)',
      'cron(-1 * * * ? *)',
      'cron()',
    ],
    ...['CRON(0 0 * * ? *)', ' cron(0 0 * * ? *)', 'cron(0 0 * * ? *) '],
  ])('is not %s', (text) => {
    expect(parseSchedule(text)).toBeUndefined();
  });
});

/** Says of a field, the slow way, whether a value is meant: every part is written out. */
type Field = { readonly text: string; readonly has: (value: number) => boolean };

function fieldOf(from: number, to: number, names: readonly string[] = []): fc.Arbitrary<Field> {
  const value = fc.integer({ min: from, max: to });
  const say = (number: number, byName: boolean): string => (byName && names[number - 1]) || String(number);
  const part = fc.oneof(
    fc.constant<Field>({ text: '*', has: () => true }),
    fc
      .tuple(value, fc.boolean())
      .map(([one, named]) => ({ text: say(one, named), has: (each: number) => each === one })),
    fc.tuple(value, value, fc.boolean()).map(([one, other, named]) => ({
      text: `${say(Math.min(one, other), named)}-${say(Math.max(one, other), named)}`,
      has: (each: number) => each >= Math.min(one, other) && each <= Math.max(one, other),
    })),
    fc.tuple(value, fc.integer({ min: 1, max: to })).map(([one, step]) => ({
      text: `${one}/${step}`,
      has: (each: number) => each >= one && (each - one) % step === 0,
    })),
  );
  return fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => ({
    text: parts.map(({ text }) => text).join(','),
    has: (each) => parts.some(({ has }) => has(each)),
  }));
}

type DayField = { readonly days: string; readonly weekdays: string; readonly has: (date: Date) => boolean };

const DAY = 86_400_000;
const monthOf = (date: Date): number => date.getUTCMonth();
const plus = (date: Date, days: number): Date => new Date(date.getTime() + days * DAY);
const isWorkday = (date: Date): boolean => date.getUTCDay() !== 0 && date.getUTCDay() !== 6;
const isLast = (date: Date): boolean => monthOf(plus(date, 1)) !== monthOf(date);
/** The workday of the month that is nearest to `date`, looked for on both sides. */
const nearest = (date: Date): Date =>
  [0, -1, 1, -2, 2].map((days) => plus(date, days)).find((day) => monthOf(day) === monthOf(date) && isWorkday(day)) ??
  date;
const ofMonth = (text: string, has: (date: Date) => boolean): DayField => ({ days: text, weekdays: '?', has });
const ofWeek = (text: string, has: (date: Date) => boolean): DayField => ({ days: '?', weekdays: text, has });
const weekday = fc.integer({ min: 1, max: 7 });

const days: fc.Arbitrary<DayField> = fc.oneof(
  fieldOf(1, 31).map(({ text, has }) => ofMonth(text, (date) => has(date.getUTCDate()))),
  fc.constant(ofMonth('L', isLast)),
  fc.constant(
    ofMonth('LW', (date) => {
      const ends = Array.from({ length: 31 }, (_, ahead) => plus(date, ahead));
      const end = ends.find(isLast) ?? date;
      return nearest(end).getTime() === date.getTime();
    }),
  ),
  fc.integer({ min: 1, max: 31 }).map((day) =>
    ofMonth(`${day}W`, (date) => {
      const around = [-2, -1, 0, 1, 2].map((shift) => plus(date, shift));
      const wanted = around.find((each) => each.getUTCDate() === day && monthOf(each) === monthOf(date));
      return wanted !== undefined && nearest(wanted).getTime() === date.getTime();
    }),
  ),
  fieldOf(1, 7, ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']).map(({ text, has }) =>
    ofWeek(text, (date) => has(date.getUTCDay() + 1)),
  ),
  weekday.map((day) =>
    ofWeek(`${day}L`, (date) => date.getUTCDay() + 1 === day && monthOf(plus(date, 7)) !== monthOf(date)),
  ),
  fc
    .tuple(weekday, fc.integer({ min: 1, max: 5 }))
    .map(([day, nth]) =>
      ofWeek(`${day}#${nth}`, (date) => date.getUTCDay() + 1 === day && Math.ceil(date.getUTCDate() / 7) === nth),
    ),
);

describe('any cron expression', () => {
  it('fires when each minute, looked at by itself, says so', () => {
    const months = fieldOf(1, 12, ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']);
    const from = fc.date({ min: new Date('1999-06-01'), max: new Date('2005-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(
        ...[fieldOf(0, 59), fieldOf(0, 23), days, months, fieldOf(1995, 2010), from],
        (minutes, hours, day, month, years, start) => {
          const text = `cron(${minutes.text} ${hours.text} ${day.days} ${month.text} ${day.weekdays} ${years.text})`;
          const schedule = parseSchedule(text);
          // Everything between is gone through: days that are not meant in one step, the others minute by minute.
          let time = Math.floor(start.getTime() / MINUTE) * MINUTE + MINUTE;
          const end = time + 3 * 366 * DAY;
          let found: number | undefined;
          while (found === undefined && time < end) {
            const date = new Date(time);
            const midnight = new Date(time - (time % DAY));
            const isMeant = years.has(date.getUTCFullYear()) && month.has(monthOf(date) + 1) && day.has(midnight);
            if (!isMeant) time = midnight.getTime() + DAY;
            else if (hours.has(date.getUTCHours()) && minutes.has(date.getUTCMinutes())) found = time;
            else time += MINUTE;
          }
          const next = schedule?.next(start.getTime(), 0);
          if (found === undefined) expect(next === undefined || next >= end, text).toBe(true);
          else expect(next, text).toBe(found);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('is told from any other text', () => {
    const token = fc.constantFrom(
      'cron(',
      'rate(',
      ')',
      ' ',
      '*',
      '?',
      'L',
      'W',
      '#',
      '-',
      '/',
      ',',
      '1',
      '31',
      'MON',
      'minutes',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 20 }), (tokens) => {
        const schedule = parseSchedule(tokens.join(''));
        const next = schedule?.next(at('2026-01-01T00:00'), 0);
        return next === undefined || next > at('2026-01-01T00:00');
      }),
      { numRuns: 5_000 },
    );
  });
});
