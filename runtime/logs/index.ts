export { type FilterPattern, parseFilterPattern } from './filter-pattern/filter-pattern.ts';
export { constraint, invalid, LogError } from './log-error.ts';
export { type LogEvent, type Position, toEventId } from './log-event.ts';
export {
  assertGroupName,
  assertStreamName,
  type LogGroupKey,
  type LogGroupRecord,
  parseGroupIdentifier,
  type SubscriptionFilter,
  toLogGroupArn,
  toLogStreamArn,
} from './log-group.ts';
export { Logs, type LogsDeps } from './logs.ts';
export { byTime, type Reading, type Selection } from './reading.ts';
