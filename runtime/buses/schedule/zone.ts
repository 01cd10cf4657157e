import type { Schedule } from './schedule.ts';

/** How far the clocks of a time zone are ahead of UTC at an instant, in milliseconds. */
export type Zone = (utc: number) => number;

const DAY_MS = 86_400_000;
/** Local times that clocks pass over are skipped; there are never more of them in a row. */
const MOST_SKIPPED = 1_440;

/** Undefined for what is no time zone. */
export function parseZone(name: string): Zone | undefined {
  if (name === 'UTC') return () => 0;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone: name, hourCycle: 'h23', era: 'short' },
      ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
    return (utc) => {
      const parts = Object.fromEntries(format.formatToParts(utc).map(({ type, value }) => [type, Number(value)]));
      const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
      return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(utc / 1_000) * 1_000;
    };
  } catch {
    return undefined;
  }
}

/**
 * A schedule by the clocks of a zone. A local time that they pass over is skipped; one that they show twice is meant once, the
 * first time.
 */
export function inZone(schedule: Schedule, zone: Zone): Schedule {
  return {
    next(time, anchor) {
      let local: number | undefined = time + zone(time);
      for (let skipped = 0; skipped < MOST_SKIPPED; skipped++) {
        local = schedule.next(local, anchor);
        if (local === undefined) return undefined;
        const first = toUtc(local, zone);
        if (first !== undefined && first > time) return first;
      }
      return undefined;
    },
  };
}

/** The first instant at which the clocks of a zone show a time; undefined when they never do. */
export function toUtc(local: number, zone: Zone): number | undefined {
  const instants = [local - zone(local - DAY_MS), local - zone(local + DAY_MS)];
  return instants.filter((utc) => utc + zone(utc) === local).sort((a, b) => a - b)[0];
}
