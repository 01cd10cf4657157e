import type { RoleTaker } from '../../contract/authorizer.ts';
import type { Scope } from '../../contract/scope.ts';
import type { TargetSettings } from '../rule-record.ts';

/** What a schedule calls, member for member as EventBridge Scheduler spells it. */
export interface ScheduleTarget
  extends Pick<TargetSettings, 'Arn' | 'DeadLetterConfig' | 'RetryPolicy' | 'SqsParameters' | 'Input'> {
  readonly RoleArn: string;
  readonly EventBridgeParameters?: { readonly DetailType: string; readonly Source: string };
}

/** What CreateSchedule and UpdateSchedule say. Times are epoch milliseconds. */
export interface ScheduleSettings {
  readonly description?: string;
  /** `rate(...)`, `cron(...)` or `at(...)`. */
  readonly expression: string;
  /** By whose clocks cron and at are meant. */
  readonly timezone: string;
  readonly startAt?: number;
  readonly endAt?: number;
  readonly state: 'ENABLED' | 'DISABLED';
  /** Minutes that it may be late; absent when it may not. */
  readonly window?: number;
  readonly target: ScheduleTarget;
  /** What becomes of it when it has fired for the last time. */
  readonly after: 'NONE' | 'DELETE';
}

export interface ScheduleKey extends Scope {
  readonly group: string;
  readonly name: string;
}

/** A schedule as it is stored. */
export interface ScheduleRecord extends ScheduleKey, ScheduleSettings {
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** When its times were set: rates count from here. */
  readonly scheduledAt: number;
  /** What was due before was not missed. */
  readonly activeSince: number;
}

export interface GroupKey extends Scope {
  readonly name: string;
}

/** A group of schedules. The default one is there without a record. */
export interface GroupRecord extends GroupKey {
  readonly createdAt: number;
  readonly tags?: Readonly<Record<string, string>>;
}

export const DEFAULT_GROUP = 'default';

export const SCHEDULER = 'scheduler.amazonaws.com';

export function toScheduleArn({ region, accountId, group, name }: ScheduleKey): string {
  return `arn:aws:scheduler:${region}:${accountId}:schedule/${group}/${name}`;
}

export function toGroupArn({ region, accountId, name }: GroupKey): string {
  return `arn:aws:scheduler:${region}:${accountId}:schedule-group/${name}`;
}

/** Who acts by the role of a schedule's target: the Scheduler, for the schedule's group. */
export function toTaker({ group, ...scope }: ScheduleKey): RoleTaker {
  return { service: SCHEDULER, sourceArn: toGroupArn({ ...scope, name: group }) };
}
