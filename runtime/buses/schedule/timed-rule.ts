import { toRuleArn } from '../bus-arn.ts';
import type { RuleRecord } from '../rule-record.ts';
import { parseSchedule } from './schedule.ts';
import type { Timed } from './schedules.ts';

/** What is done when a rule is due, and when it is not any more. */
export interface RuleActions {
  readonly fire: (rule: RuleRecord, tick: number) => Promise<void>;
  readonly pass: (rule: RuleRecord, until: number) => Promise<void>;
}

/** A rule that fires by itself; undefined for one that does not. */
export function toTimedRule(rule: RuleRecord, { fire, pass }: RuleActions): Timed | undefined {
  const { schedule: expression, state, scheduledAt, activeSince } = rule;
  const schedule = expression === undefined || state === 'DISABLED' ? undefined : parseSchedule(expression);
  if (schedule === undefined) return undefined;
  return {
    ...{ arn: toRuleArn(rule), when: `${expression} ${scheduledAt}`, activeSince },
    next: (time) => schedule.next(time, scheduledAt),
    fire: (tick) => fire(rule, tick),
    pass: (until) => pass(rule, until),
  };
}
