import { parseSchedule } from '../schedule/schedule.ts';
import { inZone, parseZone, toUtc, type Zone } from '../schedule/zone.ts';
import type { ScheduleRecord, ScheduleSettings } from './schedule-record.ts';

/** When a schedule fires: the first tick after a time; undefined when there is none. */
export type ScheduleTimes = (time: number) => number | undefined;

type Timing = Pick<ScheduleSettings, 'expression' | 'timezone' | 'startAt' | 'endAt'>;

/** Undefined for what is no expression, or no time zone. `anchor` is when its times were set. */
export function toScheduleTimes(timing: Timing, anchor: number): ScheduleTimes | undefined {
  const { expression, timezone, startAt, endAt } = timing;
  const zone = parseZone(timezone);
  if (zone === undefined) return undefined;
  const once = parseAt(expression, zone);
  if (once !== undefined) return (time) => (once > time ? once : undefined);
  const parsed = parseSchedule(expression);
  if (parsed === undefined) return undefined;
  const isRate = expression.startsWith('rate');
  const schedule = isRate ? parsed : inZone(parsed, zone);
  // A rate fires at its start, if it has one, and counts from there.
  const first = isRate && startAt !== undefined ? startAt : undefined;
  return (time) => {
    if (first !== undefined && time < first) return within(first, endAt);
    const from = startAt === undefined ? time : Math.max(time, startAt - 1);
    return within(schedule.next(from, first ?? anchor), endAt);
  };
}

/** What must differ when one schedule fires at other times than another. */
export function toTimesText({ expression, timezone, startAt, endAt, scheduledAt }: ScheduleRecord): string {
  return [expression, timezone, startAt, endAt, scheduledAt].join(' ');
}

function within(tick: number | undefined, endAt: number | undefined): number | undefined {
  return tick === undefined || (endAt !== undefined && tick > endAt) ? undefined : tick;
}

/** `at(2026-12-24T18:00:00)`, by the clocks of the zone. */
function parseAt(expression: string, zone: Zone): number | undefined {
  const [, text = ''] = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression) ?? [];
  const local = Date.parse(`${text}Z`);
  if (Number.isNaN(local) || new Date(local).toISOString().slice(0, 19) !== text) return undefined;
  // Clocks that pass over the time show it an hour later.
  return toUtc(local, zone) ?? local - zone(local);
}
