export { parseBus, parseRuleArn, toBusArn, toRuleArn } from './bus-arn.ts';
export { BusError, type BusErrorCode, invalid, noSuchBus } from './bus-error.ts';
export { type BusEvent, toEventTime } from './bus-event.ts';
export { withGrant, withoutGrant } from './bus-policy.ts';
export { Buses, type BusesDeps } from './buses.ts';
export { type EntryFailure, type EventEntry, type ParsedEntry, parseDetail, parseEntry } from './event-entry.ts';
export {
  type BusKey,
  type BusRecord,
  DEFAULT_BUS,
  type RuleKey,
  type RuleRecord,
  type RuleState,
  type TargetSettings,
} from './rule-record.ts';
export { toPattern } from './rule-table.ts';
export { assertSchedule } from './scheduler/assert-schedule.ts';
export {
  DEFAULT_GROUP,
  type GroupKey,
  type GroupRecord,
  SCHEDULER,
  type ScheduleKey,
  type ScheduleRecord,
  type ScheduleSettings,
  type ScheduleTarget,
  toGroupArn,
  toScheduleArn,
  toTaker,
} from './scheduler/schedule-record.ts';
