import { randomUUID } from 'node:crypto';
import type { Letter, Mark, Post } from '../contract/letter.ts';
import type { Observer } from '../contract/observer.ts';
import { toScheduledEvent } from '../events/schedule.ts';
import { toRuleArn } from './bus-arn.ts';
import type { RuleRecord } from './rule-record.ts';
import type { RuleTable } from './rule-table.ts';
import type { Timed } from './schedule/schedules.ts';
import { toTimedRule } from './schedule/timed-rule.ts';
import { type ScheduleRecord, toScheduleArn } from './scheduler/schedule-record.ts';
import type { ScheduleTable } from './scheduler/schedule-table.ts';
import { toScheduleTimes, toTimesText } from './scheduler/schedule-times.ts';
import { toScheduleLetter } from './scheduler/to-schedule-letter.ts';
import type { Travelling } from './to-letter.ts';

export interface FiringDeps {
  readonly rules: Pick<RuleTable, 'all'>;
  readonly schedules: Pick<ScheduleTable, 'all' | 'delete'>;
  readonly lettersOf: (rule: RuleRecord, travelling: Travelling) => readonly Letter[];
  readonly post: Post;
  readonly observer: Observer;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

const MARK = 'tick ';

/** The mark of when something fired last. */
export function toMark(arn: string, at: number | undefined): Mark {
  return { key: `${MARK}${arn}`, at };
}

/** By ARN. */
export function fromMarks(marks: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const ticks = [...marks].filter(([key]) => key.startsWith(MARK));
  return new Map(ticks.map(([key, at]) => [key.slice(MARK.length), at]));
}

/** What rules and schedules do when they are due: what they send and that they fired are written together. */
export class Firing {
  readonly #deps: FiringDeps;
  readonly #timed = new WeakMap<RuleRecord | ScheduleRecord, Timed>();

  constructor(deps: FiringDeps) {
    this.#deps = deps;
  }

  /** All that fires by itself and is enabled. */
  timed(): readonly Timed[] {
    const { rules, schedules } = this.#deps;
    return [
      ...rules.all().flatMap((rule) => this.#known(rule, () => this.#ofRule(rule)) ?? []),
      ...schedules.all().flatMap((schedule) => this.#known(schedule, () => this.#ofSchedule(schedule)) ?? []),
    ];
  }

  #known(record: RuleRecord | ScheduleRecord, make: () => Timed | undefined): Timed | undefined {
    const timed = this.#timed.get(record) ?? make();
    if (timed !== undefined) this.#timed.set(record, timed);
    return timed;
  }

  #ofRule(rule: RuleRecord): Timed | undefined {
    const { post, clock, lettersOf } = this.#deps;
    const { region, accountId } = rule;
    return toTimedRule(rule, {
      async fire(due, tick) {
        const ruleArn = toRuleArn(due);
        const event = toScheduledEvent({ id: randomUUID(), at: tick, region, accountId, ruleArn });
        await post(
          lettersOf(due, { event, json: JSON.stringify(event), hops: 0, ingestedAt: clock() }),
          toMark(ruleArn, tick),
        );
      },
      pass: (due, until) => post([], toMark(toRuleArn(due), until)),
    });
  }

  #ofSchedule(schedule: ScheduleRecord): Timed | undefined {
    const { post } = this.#deps;
    const next = schedule.state === 'ENABLED' ? toScheduleTimes(schedule, schedule.scheduledAt) : undefined;
    if (next === undefined) return undefined;
    const arn = toScheduleArn(schedule);
    return {
      ...{ arn, when: toTimesText(schedule), activeSince: schedule.activeSince, next },
      fire: async (tick) => {
        await post([toScheduleLetter(schedule, tick)], toMark(arn, tick));
        if (schedule.after === 'DELETE' && next(tick) === undefined) await this.#remove(schedule);
      },
      pass: (until) => post([], toMark(arn, until)),
    };
  }

  /** One that is gone already is all the same. */
  async #remove(schedule: ScheduleRecord): Promise<void> {
    try {
      await this.#deps.schedules.delete(schedule);
      await this.#deps.post([], toMark(toScheduleArn(schedule), undefined));
    } catch (error) {
      this.#deps.observer.noticed('warn', `${toScheduleArn(schedule)} stays after its last tick: ${error}`);
    }
  }
}
