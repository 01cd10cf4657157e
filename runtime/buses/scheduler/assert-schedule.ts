import { invalid } from '../bus-error.ts';
import { parseZone } from '../schedule/zone.ts';
import { isJson, QUEUE_ARN } from '../targets.ts';
import type { ScheduleSettings } from './schedule-record.ts';
import { toScheduleTimes } from './schedule-times.ts';

const ARN = /^arn:aws[\w-]*:(lambda|sqs|sns|events):[\w-]+:\d{12}:(.+)$/;

/** Throws a BusError for settings that no schedule may have. */
export function assertSchedule(settings: ScheduleSettings): void {
  const { timezone, startAt, endAt, target } = settings;
  if (parseZone(timezone) === undefined) {
    throw invalid(`The ScheduleExpressionTimezone ${timezone} is not valid.`);
  }
  if (toScheduleTimes(settings, 0) === undefined) throw invalid('Invalid Schedule Expression.');
  if (startAt !== undefined && endAt !== undefined && endAt <= startAt) {
    throw invalid('The EndDate must be later than the StartDate.');
  }
  const [, service, resource = ''] = ARN.exec(target.Arn) ?? [];
  const isBus = service === 'events' && resource.startsWith('event-bus/');
  if (service === undefined || (service === 'events' && !isBus)) {
    throw invalid(`Provided Arn ${target.Arn} is not of a function, a queue, a topic or an event bus.`);
  }
  if (isBus !== (target.EventBridgeParameters !== undefined)) {
    throw invalid('EventBridgeParameters must be given for an event bus, and for nothing else.');
  }
  if (target.Arn.endsWith('.fifo') && service === 'sqs' && target.SqsParameters?.MessageGroupId === undefined) {
    throw invalid('SqsParameters.MessageGroupId must be given for a FIFO queue.');
  }
  if (target.DeadLetterConfig?.Arn !== undefined && !QUEUE_ARN.test(target.DeadLetterConfig.Arn)) {
    throw invalid('The Arn of DeadLetterConfig must be that of a standard queue.');
  }
  if ((service === 'lambda' || isBus) && target.Input !== undefined && !isJson(target.Input)) {
    throw invalid('Invalid RequestJson provided. Reason: the target takes JSON only.');
  }
}
