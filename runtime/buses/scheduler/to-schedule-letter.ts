import { randomUUID } from 'node:crypto';
import type { DeliveryAttributes, EventEnvelope, Sender } from '../../contract/delivery.ts';
import type { Letter } from '../../contract/letter.ts';
import { toEventTime } from '../bus-event.ts';
import { type ScheduleRecord, toScheduleArn, toTaker } from './schedule-record.ts';

const MOST_ATTEMPTS = 185;
const MOST_AGE_SECONDS = 86_400;
const FIRST_DELAY_MS = 1_000;
const LAST_DELAY_MS = 300_000;

/** What a schedule's target is sent at a tick, on behalf of the schedule's role. */
export function toScheduleLetter(schedule: ScheduleRecord, tick: number): Letter {
  const { target } = schedule;
  const arn = toScheduleArn(schedule);
  const id = randomUUID();
  const sender: Sender = { kind: 'role', arn: target.RoleArn, takenBy: toTaker(schedule) };
  const body = toBody(schedule, { arn, id, time: toEventTime(tick) });
  const { MaximumRetryAttempts: attempts, MaximumEventAgeInSeconds: age } = target.RetryPolicy ?? {};
  const groupId = target.SqsParameters?.MessageGroupId;
  const { DetailType: detailType = '', Source: source = '' } = target.EventBridgeParameters ?? {};
  const envelope: EventEnvelope = { source, detailType, resources: [arn] };
  const attributes = { SCHEDULE_ARN: text(arn), TARGET_ARN: text(target.Arn), EXECUTION_ID: text(id) };
  const dead = target.DeadLetterConfig?.Arn;
  return {
    delivery: {
      ...{ arn: target.Arn, sender, body },
      ...(target.EventBridgeParameters === undefined ? {} : { envelope }),
      ...(groupId === undefined ? {} : { groupId }),
      ...(target.Arn.endsWith('.fifo') ? { deduplicationId: id } : {}),
    },
    retry: {
      ...{ attempts: attempts ?? MOST_ATTEMPTS, ageMs: (age ?? MOST_AGE_SECONDS) * 1_000 },
      ...{ firstDelayMs: FIRST_DELAY_MS, lastDelayMs: LAST_DELAY_MS },
    },
    ...(dead === undefined
      ? {}
      : {
          deadLetter: {
            ...{ arn: dead, sender, attributes },
            reasons: {
              ...{ code: 'ERROR_CODE', message: 'ERROR_MESSAGE' },
              ...{ condition: 'EXHAUSTED_RETRY_CONDITION', attempts: 'RETRY_ATTEMPTS' },
            },
          },
        }),
  };
}

interface Tick {
  readonly arn: string;
  readonly id: string;
  /** ISO 8601. */
  readonly time: string;
}

/** The schedule's input, in which some words stand for what is known now; an event where it has none. */
function toBody({ target, region, accountId }: ScheduleRecord, { arn, id, time }: Tick): string {
  if (target.Input !== undefined) {
    const words: Readonly<Record<string, string>> = {
      ...{ 'schedule-arn': arn, 'scheduled-time': time, 'execution-id': id, 'attempt-number': '1' },
    };
    return target.Input.replace(/<aws\.scheduler\.([a-z-]{1,32})>/g, (whole, word: string) =>
      Object.hasOwn(words, word) ? (words[word] ?? '') : whole,
    );
  }
  return JSON.stringify({
    ...{ version: '0', id, 'detail-type': 'Scheduled Event', source: 'aws.scheduler', account: accountId },
    ...{ time, region, resources: [arn], detail: '{}' },
  });
}

function text(StringValue: string): DeliveryAttributes[string] {
  return { DataType: 'String', StringValue };
}
