import { type JsonObject, parseJsonObject } from '../contract/json.ts';
import { invalidParameter } from './queue-error.ts';
import { isFifo, parseQueueArn, type QueueKey, type QueueRecord, toQueueArn } from './queue-record.ts';

/** Where messages go that were received too often. */
export interface RedrivePolicy {
  readonly target: QueueKey;
  /** A message that was received so often goes there in place of being received again. */
  readonly maxReceiveCount: number;
}

const MOST_RECEIVES = 1_000;
const MOST_SOURCES = 10;

/** Reads a RedrivePolicy; throws an InvalidParameterValue for what is none. */
export function parseRedrivePolicy(text: string): RedrivePolicy {
  const policy = parseObject('RedrivePolicy', text);
  const refuse = (reason: string) => invalidParameter(text, 'RedrivePolicy', reason);
  const { deadLetterTargetArn: arn, maxReceiveCount: count } = policy;
  if (arn === undefined) throw refuse('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.');
  if (count === undefined) throw refuse('Redrive policy does not contain mandatory attribute: maxReceiveCount.');
  const target = typeof arn === 'string' ? parseQueueArn(arn) : undefined;
  if (target === undefined) throw refuse('Invalid value for deadLetterTargetArn.');
  const maxReceiveCount = Number(count);
  if (!/^\d{1,4}$/.test(String(count)) || maxReceiveCount < 1 || maxReceiveCount > MOST_RECEIVES) {
    throw refuse(
      `Invalid value for maxReceiveCount: ${String(count).slice(0, 32)}, valid values are from 1 to 1000 both inclusive.`,
    );
  }
  return { target, maxReceiveCount };
}

/** Who may name a queue as the place of its dead letters. */
export interface RedriveAllowPolicy {
  readonly permission: 'allowAll' | 'denyAll' | 'byQueue';
  /** ARNs; `byQueue` only. */
  readonly sources: readonly string[];
}

/** Reads a RedriveAllowPolicy; throws an InvalidParameterValue for what is none. */
export function parseRedriveAllowPolicy(text: string): RedriveAllowPolicy {
  const { redrivePermission: permission, sourceQueueArns: sources = [] } = parseObject('RedriveAllowPolicy', text);
  const refuse = (reason: string) => invalidParameter(text, 'RedriveAllowPolicy', reason);
  if (permission !== 'allowAll' && permission !== 'denyAll' && permission !== 'byQueue') {
    throw refuse("Amazon SQS can't create the redrive allow policy, as it has an unsupported redrivePermission.");
  }
  const isList = Array.isArray(sources) && sources.every((arn) => typeof arn === 'string' && parseQueueArn(arn));
  if (!isList || sources.length > MOST_SOURCES || sources.length > 0 !== (permission === 'byQueue')) {
    throw refuse('sourceQueueArns must be a list of up to 10 ARNs of queues, with byQueue only.');
  }
  return { permission, sources };
}

/** Throws an InvalidParameterValue unless the queue may send its dead letters to the target. */
export function assertDeadLetterTarget(source: QueueKey, text: string, target: QueueRecord | undefined): void {
  const refuse = (reason: string) => invalidParameter(text, 'RedrivePolicy', reason);
  if (target === undefined) throw refuse('Dead letter target does not exist.');
  if (target.accountId !== source.accountId || target.region !== source.region) {
    throw refuse('Dead letter target must be in the account and region of the source.');
  }
  if (isFifo(target) !== isFifo(source)) {
    throw refuse('Dead-letter queue must be same type of queue as the source.');
  }
  const allowed = target.attributes.RedriveAllowPolicy;
  if (allowed === undefined) return;
  const { permission, sources } = parseRedriveAllowPolicy(allowed);
  if (permission === 'allowAll' || (permission === 'byQueue' && sources.includes(toQueueArn(source)))) return;
  throw refuse('Queue does not have permission to use the dead letter target.');
}

function parseObject(name: string, text: string): JsonObject {
  const value = parseJsonObject(text);
  if (value === undefined) throw invalidParameter(text, name, `${name} is not valid JSON.`);
  return value;
}
