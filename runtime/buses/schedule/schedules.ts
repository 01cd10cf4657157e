import type { Observer } from '../../contract/observer.ts';
import { toRuleArn } from '../bus-arn.ts';
import type { RuleRecord } from '../rule-record.ts';
import { parseSchedule, type Schedule } from './schedule.ts';

export interface SchedulesDeps {
  /** All rules, as they are now. */
  readonly rules: () => readonly RuleRecord[];
  /** When rules fired last, by ARN. */
  readonly marks: ReadonlyMap<string, number>;
  /** Resolves when it is durable that the rule has fired the tick; rejects when it has not. */
  readonly fire: (rule: RuleRecord, tick: number) => Promise<void>;
  /** Remembers that nothing up to a time is to be fired any more. */
  readonly pass: (rule: RuleRecord, until: number) => Promise<void>;
  readonly observer: Observer;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Since when this process runs: what was due before is not fired. */
  readonly since: number;
}

interface Entry {
  rule: RuleRecord;
  readonly schedule: Schedule;
  /** The tick that is fired next; undefined when there is none. */
  next: number | undefined;
  /** Not before this: firing failed. */
  retryAt: number;
  isFiring: boolean;
}

/** A tick that is later was missed: it belongs to its minute. */
const LATE_MS = 60_000;
/** The clock is looked at again after this, should it be set or the machine have slept. */
const LONGEST_TIMER_MS = 60_000;
const RETRY_MS = 1_000;
/** Ticks that are counted before a number is given up. */
const MOST_COUNTED = 1_000;

/**
 * Fires rules when they are due: each tick once, however often the process is started, with one timer for all. What was due
 * while the process was not running is told the operator, and not made up for.
 */
export class Schedules {
  readonly #deps: SchedulesDeps;
  readonly #entries = new Map<string, Entry>();
  readonly #marks: Map<string, number>;
  readonly #firing = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(deps: SchedulesDeps) {
    this.#deps = deps;
    this.#marks = new Map(deps.marks);
  }

  /** Takes up what has changed about rules. */
  refresh(): void {
    if (this.#stopped) return;
    const rules = new Map(this.#deps.rules().map((rule) => [toRuleArn(rule), rule]));
    for (const [arn, { rule }] of this.#entries) if (!isSame(rule, rules.get(arn))) this.#entries.delete(arn);
    for (const [arn, rule] of rules) {
      const known = this.#entries.get(arn);
      if (known !== undefined) known.rule = rule;
      else if (rule.state !== 'DISABLED' && rule.schedule !== undefined) this.#add(arn, rule, rule.schedule);
    }
    this.#look();
  }

  /** Fires nothing any more; resolves when what is being fired is durable. */
  async close(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await Promise.all(this.#firing);
  }

  #add(arn: string, rule: RuleRecord, text: string): void {
    const schedule = parseSchedule(text);
    if (schedule === undefined) return;
    const seen = Math.max(this.#marks.get(arn) ?? 0, rule.activeSince);
    const { since } = this.#deps;
    const { last, count } = ticksBetween(schedule, rule, [seen, since]);
    if (last !== undefined) this.#missed(rule, { last, count, until: since });
    const next = schedule.next(Math.max(seen, since), rule.scheduledAt);
    this.#entries.set(arn, { rule, schedule, next, retryAt: 0, isFiring: false });
  }

  #look(): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const now = this.#deps.clock();
    let wakeAt = Number.POSITIVE_INFINITY;
    for (const entry of this.#entries.values()) {
      if (entry.next === undefined || entry.isFiring) continue;
      if (Math.max(entry.next, entry.retryAt) <= now) this.#fire(entry, entry.next, now);
      if (!entry.isFiring) wakeAt = Math.min(wakeAt, Math.max(entry.next ?? wakeAt, entry.retryAt));
    }
    if (this.#entries.size === 0) return;
    const delay = Math.min(Math.max(1, wakeAt - now), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => this.#look(), delay).unref();
  }

  /** Of several that are due the last one is fired, if it is not too late. */
  #fire(entry: Entry, due: number, now: number): void {
    const { rule, schedule } = entry;
    const { last = due, count, before } = ticksBetween(schedule, rule, [due - 1, now]);
    const isLate = now - last > LATE_MS;
    if (isLate) {
      this.#missed(rule, { last, count, until: now });
      entry.next = schedule.next(now, rule.scheduledAt);
      return;
    }
    if (before !== undefined) this.#noticeMissed(rule, before, count - 1);
    entry.isFiring = true;
    const firing = this.#deps
      .fire(rule, last)
      .then(
        () => {
          this.#marks.set(toRuleArn(rule), last);
          entry.next = schedule.next(Math.max(last, this.#deps.since), rule.scheduledAt);
        },
        (error: Error) => {
          this.#deps.observer.noticed('error', `Rule ${toRuleArn(rule)} cannot fire: ${error.message}`);
          entry.next = last;
          entry.retryAt = this.#deps.clock() + RETRY_MS;
        },
      )
      .finally(() => {
        entry.isFiring = false;
        this.#firing.delete(firing);
        this.#look();
      });
    this.#firing.add(firing);
  }

  /** Nothing up to `until` is told again. */
  #missed(
    rule: RuleRecord,
    { last, count, until }: { readonly last: number; readonly count: number; readonly until: number },
  ): void {
    this.#noticeMissed(rule, last, count);
    this.#marks.set(toRuleArn(rule), until);
    this.#deps.pass(rule, until).catch((error: Error) => {
      this.#deps.observer.noticed('error', `It cannot be remembered what was missed: ${error.message}`);
    });
  }

  #noticeMissed(rule: RuleRecord, last: number, count: number): void {
    const arn = toRuleArn(rule);
    const at = new Date(last).toISOString();
    const ticks =
      count === 1 ? `a tick of its schedule, at ${at}` : `${count} ticks of its schedule, the last at ${at}`;
    const many = `${MOST_COUNTED} ticks of its schedule or more`;
    this.#deps.observer.noticed('warn', `Rule ${arn} missed ${count < MOST_COUNTED ? ticks : many}.`);
  }
}

/** The ticks after `from` and until `to`: the last one, the one before it, and how many. */
function ticksBetween(
  schedule: Schedule,
  { scheduledAt }: RuleRecord,
  [from, to]: readonly [number, number],
): { readonly last?: number; readonly before?: number; readonly count: number } {
  let [count, last, before]: [number, number | undefined, number | undefined] = [0, undefined, undefined];
  for (let at = from; count < MOST_COUNTED; count++) {
    const next = schedule.next(at, scheduledAt);
    if (next === undefined || next > to) break;
    [before, last, at] = [last, next, next];
  }
  return { count, ...(last === undefined ? {} : { last }), ...(before === undefined ? {} : { before }) };
}

/** Whether a rule is due at the same times as before. */
function isSame(rule: RuleRecord, now: RuleRecord | undefined): boolean {
  const isOn = now !== undefined && now.state !== 'DISABLED' && now.schedule === rule.schedule;
  return isOn && now.scheduledAt === rule.scheduledAt && now.activeSince === rule.activeSince;
}
