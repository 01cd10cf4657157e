import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../../runtime/buses/schedule/schedule.ts';
import { inZone, parseZone, type Zone } from '../../../runtime/buses/schedule/zone.ts';
import { toScheduleTimes } from '../../../runtime/buses/scheduler/schedule-times.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (text: string): number => Date.parse(text);
const ticks = (
  timing: { expression: string; timezone?: string; startAt?: number; endAt?: number },
  from: string,
  count = 3,
) => {
  const next = toScheduleTimes({ timezone: 'UTC', ...timing }, at(from));
  const found: string[] = [];
  for (let time: number | undefined = at(from); time !== undefined && found.length < count; ) {
    time = next?.(time);
    if (time !== undefined) found.push(new Date(time).toISOString().slice(0, 16));
  }
  return found;
};

describe('a schedule', () => {
  it('fires once, at a time by the clocks of its zone', () => {
    expect(ticks({ expression: 'at(2026-12-24T18:00:00)' }, '2026-03-01T00:00Z')).toEqual(['2026-12-24T18:00']);
    expect(ticks({ expression: 'at(2026-07-01T18:00:00)', timezone: 'Europe/Berlin' }, '2026-03-01T00:00Z')).toEqual([
      '2026-07-01T16:00',
    ]);
    expect(ticks({ expression: 'at(2026-03-29T02:30:00)', timezone: 'Europe/Berlin' }, '2026-03-01T00:00Z')).toEqual([
      '2026-03-29T00:30',
    ]);
    expect(ticks({ expression: 'at(2020-01-01T00:00:00)' }, '2026-03-01T00:00Z')).toEqual([]);
  });

  it('follows the clocks of its zone: what they skip is skipped, what they repeat is meant once', () => {
    const berlin = { timezone: 'Europe/Berlin' };
    expect(ticks({ expression: 'cron(0 12 * * ? *)', ...berlin }, '2026-03-27T12:00Z')).toEqual([
      ...['2026-03-28T11:00', '2026-03-29T10:00', '2026-03-30T10:00'],
    ]);
    expect(ticks({ expression: 'cron(30 2 * * ? *)', ...berlin }, '2026-03-28T00:00Z')).toEqual([
      ...['2026-03-28T01:30', '2026-03-30T00:30', '2026-03-31T00:30'],
    ]);
    expect(ticks({ expression: 'cron(30 2 * * ? *)', ...berlin }, '2026-10-24T12:00Z')).toEqual([
      ...['2026-10-25T00:30', '2026-10-26T01:30', '2026-10-27T01:30'],
    ]);
    expect(ticks({ expression: 'cron(0 * * * ? *)', timezone: 'Asia/Kolkata' }, '2026-01-01T00:00Z', 1)).toEqual([
      '2026-01-01T00:30',
    ]);
  });

  it('begins and ends when it is to; a rate counts from its start', () => {
    const days = { startAt: at('2026-03-03T10:30Z'), endAt: at('2026-03-05T00:00Z') };
    expect(ticks({ expression: 'cron(0 12 * * ? *)', ...days }, '2026-03-01T00:00Z')).toEqual([
      ...['2026-03-03T12:00', '2026-03-04T12:00'],
    ]);
    expect(ticks({ expression: 'rate(12 hours)', ...days }, '2026-03-01T00:00Z', 9)).toEqual([
      ...['2026-03-03T10:30', '2026-03-03T22:30', '2026-03-04T10:30', '2026-03-04T22:30'],
    ]);
    expect(ticks({ expression: 'rate(1 day)' }, '2026-03-01T00:07Z', 2)).toEqual([
      '2026-03-02T00:07',
      '2026-03-03T00:07',
    ]);
  });

  it.each([
    ['at(2026-02-30T00:00:00)', 'UTC'],
    ['at(2026-01-01T00:00)', 'UTC'],
    ['at(2026-01-01T00:00:00Z)', 'UTC'],
    ['rate(1 minutes)', 'UTC'],
    ['cron(0 0 1 1 ? *)', 'Mars/Olympus'],
    ['cron(0 0 1 1 ? *)', ''],
  ])('is not %s in %s', (expression, timezone) => {
    expect(toScheduleTimes({ expression, timezone }, 0)).toBeUndefined();
  });

  it('fires in any zone when its clocks first show what it means, looked at minute by minute', () => {
    const names = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/St_Johns', 'Asia/Tehran'];
    const zones = new Map(names.map((name) => [name, parseZone(name) as Zone]));
    // Days around changes of clocks, and others.
    const days = ['2026-03-08', '2026-03-29', '2026-10-04', '2026-10-25', '2026-11-01', '2026-04-05', '2026-07-01'];
    const minute = fc.integer({ min: 0, max: 59 });
    const start = fc.tuple(fc.constantFrom(...days), fc.integer({ min: -1_440, max: 1_440 }));
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        minute,
        fc.integer({ min: 0, max: 23 }),
        start,
        (name, m, h, [day, shift]) => {
          const zone = zones.get(name) as Zone;
          const from = at(`${day}T00:00Z`) + shift * MINUTE;
          const shown = (utc: number): number => utc + zone(utc);
          const isMeant = (utc: number): boolean =>
            new Date(shown(utc)).getUTCHours() === h && new Date(shown(utc)).getUTCMinutes() === m;
          // The same local time within some hours before is its first showing.
          const isFirst = (utc: number): boolean => ![0.5, 1].some((hours) => shown(utc - hours * HOUR) === shown(utc));
          let utc = from + MINUTE;
          while (!(isMeant(utc) && isFirst(utc))) utc += MINUTE;
          const schedule = parseSchedule(`cron(${m} ${h} * * ? *)`);
          expect(schedule && inZone(schedule, zone).next(from, 0), `${name} ${h}:${m} after ${from}`).toBe(utc);
        },
      ),
      { numRuns: 150 },
    );
  }, 120_000);
});
