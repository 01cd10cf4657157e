import { type Cron, parseCron, YEARS } from './cron-fields.ts';

/** When a rule is to fire, in epoch milliseconds. */
export interface Schedule {
  /** The first time after `time`; undefined when there is none. `anchor` is when the schedule was made. */
  next(time: number, anchor: number): number | undefined;
}

const MINUTE_MS = 60_000;
const UNITS: Readonly<Record<string, number>> = { minute: MINUTE_MS, hour: 60 * MINUTE_MS, day: 1_440 * MINUTE_MS };

/**
 * Reads `rate(5 minutes)` or `cron(0 12 * * ? *)`, of EventBridge's rules: in UTC, six fields, Sunday is 1. Undefined for what
 * is none.
 *
 * A rate counts from when the schedule was made, so that no delay adds to another.
 */
export function parseSchedule(text: string): Schedule | undefined {
  const [, name, inner = ''] = /^(rate|cron)\((.*)\)$/.exec(text) ?? [];
  if (name === 'rate') return parseRate(inner);
  const cron = name === 'cron' ? parseCron(inner) : undefined;
  return cron && { next: (time) => nextOf(cron, time) };
}

function parseRate(text: string): Schedule | undefined {
  const [, digits = '', unit = '', plural = ''] = /^ *(\d{1,9}) +(minute|hour|day)(s?) *$/.exec(text) ?? [];
  const count = Number(digits);
  const unitMs = UNITS[unit];
  if (unitMs === undefined || count < 1 || (count === 1) !== (plural === '')) return undefined;
  const interval = count * unitMs;
  return { next: (time, anchor) => anchor + (Math.max(0, Math.floor((time - anchor) / interval)) + 1) * interval };
}

/** Looks at months, then days, then the rest: never at each minute. */
function nextOf(cron: Cron, time: number): number | undefined {
  const from = new Date((Math.floor(time / MINUTE_MS) + 1) * MINUTE_MS);
  let [year, month, day] = [from.getUTCFullYear(), from.getUTCMonth() + 1, from.getUTCDate()];
  let minute = from.getUTCHours() * 60 + from.getUTCMinutes();
  for (; year <= YEARS.to; year++, month = 1, day = 1, minute = 0) {
    if (!cron.years.has(year)) continue;
    for (; month <= 12; month++, day = 1, minute = 0) {
      if (!cron.months.has(month)) continue;
      for (const each of cron.daysOf(year, month)) {
        if (each < day) continue;
        const at = minuteOf(cron, each === day ? minute : 0);
        if (at !== undefined) return Date.UTC(year, month - 1, each, Math.floor(at / 60), at % 60);
      }
    }
  }
  return undefined;
}

/** The first minute of a day from `from` on. */
function minuteOf({ hours, minutes }: Cron, from: number): number | undefined {
  for (let at = from; at < 1_440; at++) {
    if (!hours.has(Math.floor(at / 60))) at += 59 - (at % 60);
    else if (minutes.has(at % 60)) return at;
  }
  return undefined;
}
