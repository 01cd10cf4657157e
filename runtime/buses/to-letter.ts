import type { DeliveryAttributes, Sender } from '../contract/delivery.ts';
import type { DeadLetter, Letter } from '../contract/letter.ts';
import { toRuleArn } from './bus-arn.ts';
import type { BusEvent } from './bus-event.ts';
import { toInput } from './input/to-input.ts';
import type { RuleRecord, TargetSettings } from './rule-record.ts';

/** An event on its way. */
export interface Travelling {
  readonly event: BusEvent;
  /** The event as JSON: it is written once for all targets. */
  readonly json: string;
  /** How often it was passed on from one bus to another. */
  readonly hops: number;
  readonly traceId?: string | undefined;
  /** When it came in, in epoch milliseconds. */
  readonly ingestedAt: number;
}

const SERVICE = 'events.amazonaws.com';
const MOST_ATTEMPTS = 185;
const MOST_AGE_SECONDS = 86_400;
const FIRST_DELAY_MS = 1_000;
const LAST_DELAY_MS = 300_000;

/** What a target of a rule is sent of an event; what cannot be made of it is told as `failure`, with its dead letter. */
export function toLetter(
  rule: RuleRecord,
  target: TargetSettings,
  travelling: Travelling,
): { readonly letter?: Letter; readonly failure?: string } {
  const { event, json, hops, traceId } = travelling;
  const ruleArn = toRuleArn(rule);
  const service: Sender = { kind: 'service', name: SERVICE, sourceArn: ruleArn };
  const sender: Sender =
    target.RoleArn === undefined
      ? service
      : { kind: 'role', arn: target.RoleArn, takenBy: { service: SERVICE, sourceArn: ruleArn } };
  const deadLetter = toDeadLetter(target, { sender: service, ruleArn, json });
  const { MaximumRetryAttempts: attempts, MaximumEventAgeInSeconds: age } = target.RetryPolicy ?? {};
  const retry = {
    attempts: attempts ?? MOST_ATTEMPTS,
    ageMs: (age ?? MOST_AGE_SECONDS) * 1_000,
    firstDelayMs: FIRST_DELAY_MS,
    lastDelayMs: LAST_DELAY_MS,
  };
  try {
    const ingestedAt = new Date(travelling.ingestedAt).toISOString();
    const body = toInput(target, { event, json, ruleArn, ruleName: rule.name, ingestedAt });
    if (target.Arn.split(':')[2] === 'lambda') JSON.parse(body);
    const delivery = { arn: target.Arn, sender, body, ...toGroup(event, target) };
    // What is delivered is kept once.
    const dead = deadLetter?.body === body ? withoutBody(deadLetter) : deadLetter;
    const trace = traceId === undefined ? {} : { traceId };
    return {
      letter: {
        delivery: { ...delivery, ...trace, ...(target.Arn.split(':')[2] === 'events' ? { hops: hops + 1 } : {}) },
        retry,
        ...(dead === undefined ? {} : { deadLetter: dead }),
      },
    };
  } catch (error) {
    const failure = `${target.Arn} gets nothing of ${ruleArn}: ${(error as Error).message}`;
    if (deadLetter === undefined) return { failure };
    const { arn, body = json, attributes } = deadLetter;
    const why = { ERROR_CODE: text('INVALID_JSON'), ERROR_MESSAGE: text((error as Error).message) };
    return {
      failure,
      letter: { delivery: { arn, sender: service, body, attributes: { ...attributes, ...why } }, retry },
    };
  }
}

function withoutBody({ body: _, ...deadLetter }: DeadLetter): DeadLetter {
  return deadLetter;
}

/** A queue that keeps an order gets every event once. */
function toGroup(
  { id }: BusEvent,
  { Id, Arn, SqsParameters }: TargetSettings,
): { readonly groupId?: string; readonly deduplicationId?: string } {
  const groupId = SqsParameters?.MessageGroupId;
  if (groupId === undefined) return {};
  return { groupId, ...(Arn.endsWith('.fifo') ? { deduplicationId: `${id}-${Id}` } : {}) };
}

function toDeadLetter(
  { Arn, DeadLetterConfig }: TargetSettings,
  { sender, ruleArn, json }: { readonly sender: Sender; readonly ruleArn: string; readonly json: string },
): DeadLetter | undefined {
  if (!DeadLetterConfig?.Arn) return undefined;
  return {
    ...{ arn: DeadLetterConfig.Arn, sender, body: json },
    attributes: { RULE_ARN: text(ruleArn), TARGET_ARN: text(Arn) },
    reasons: {
      ...{ code: 'ERROR_CODE', message: 'ERROR_MESSAGE' },
      ...{ condition: 'EXHAUSTED_RETRY_CONDITION', attempts: 'RETRY_ATTEMPTS' },
    },
  };
}

function text(StringValue: string): DeliveryAttributes[string] {
  return { DataType: 'String', StringValue };
}
