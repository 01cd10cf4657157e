import { QueueError } from './queue-error.ts';
import type { QueueAttributes } from './queue-record.ts';
import { parseRedriveAllowPolicy, parseRedrivePolicy } from './redrive-policy.ts';

/** The longest message, and all of a batch together, in bytes. */
export const MESSAGE_BYTES = 1_048_576;

interface Attribute {
  /** What holds when nothing was set; absent when then there is none. */
  readonly otherwise?: string;
  /** Only of FIFO queues. */
  readonly isFifo?: true;
  /** Cannot be changed after the queue was made. */
  readonly isFixed?: true;
  /** True of a value that may be; may throw what is to be said of one that may not. */
  readonly accepts: (value: string) => boolean;
}

const within = (min: number, max: number) => (value: string) =>
  /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max;
const oneOf =
  (...values: readonly string[]) =>
  (value: string) =>
    values.includes(value);
const parsedBy = (parse: (value: string) => unknown) => (value: string) => {
  parse(value);
  return true;
};

/** What can be set of a queue. Source: the service model and the developer guide's quotas. */
const ATTRIBUTES: Readonly<Record<string, Attribute>> = {
  ContentBasedDeduplication: { otherwise: 'false', isFifo: true, accepts: oneOf('true', 'false') },
  DeduplicationScope: { otherwise: 'queue', isFifo: true, accepts: oneOf('queue', 'messageGroup') },
  DelaySeconds: { otherwise: '0', accepts: within(0, 900) },
  FifoQueue: { isFifo: true, isFixed: true, accepts: oneOf('true') },
  FifoThroughputLimit: { otherwise: 'perQueue', isFifo: true, accepts: oneOf('perQueue', 'perMessageGroupId') },
  KmsDataKeyReusePeriodSeconds: { accepts: within(60, 86_400) },
  KmsMasterKeyId: { accepts: (value) => value.length <= 2_048 },
  MaximumMessageSize: { otherwise: String(MESSAGE_BYTES), accepts: within(1_024, MESSAGE_BYTES) },
  MessageRetentionPeriod: { otherwise: '345600', accepts: within(60, 1_209_600) },
  Policy: { accepts: (value) => value.length <= 20_480 },
  ReceiveMessageWaitTimeSeconds: { otherwise: '0', accepts: within(0, 20) },
  RedriveAllowPolicy: { accepts: parsedBy(parseRedriveAllowPolicy) },
  RedrivePolicy: { accepts: parsedBy(parseRedrivePolicy) },
  SqsManagedSseEnabled: { otherwise: 'false', accepts: oneOf('true', 'false') },
  VisibilityTimeout: { otherwise: '30', accepts: within(0, 43_200) },
};
/** An empty value takes these away again. */
const REMOVABLE = ['KmsMasterKeyId', 'Policy', 'RedriveAllowPolicy', 'RedrivePolicy'];

/**
 * What is set of a queue after `given` was: throws an InvalidAttributeName, an InvalidAttributeValue, or what is to be said of a
 * redrive policy that is none.
 */
export function withAttributes(
  current: QueueAttributes,
  given: QueueAttributes,
  queue: { readonly isFifo: boolean; readonly isNew: boolean },
): QueueAttributes {
  const next: Record<string, string> = { ...current };
  for (const [name, value] of Object.entries(given)) {
    const attribute = Object.hasOwn(ATTRIBUTES, name) ? ATTRIBUTES[name] : undefined;
    const isFixed = attribute?.isFixed && !queue.isNew && value !== current[name];
    if (attribute === undefined || (attribute.isFifo && !queue.isFifo) || isFixed) throw unknownAttribute(name);
    if (value === '' && REMOVABLE.includes(name)) delete next[name];
    else if (attribute.accepts(value)) next[name] = value;
    else throw new QueueError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
  }
  if (next.FifoThroughputLimit === 'perMessageGroupId' && next.DeduplicationScope !== 'messageGroup') {
    throw new QueueError(
      'InvalidAttributeValue',
      'The perMessageGroupId value for FifoThroughputLimit is allowed only when the value for DeduplicationScope is messageGroup.',
    );
  }
  return next;
}

/** What holds of a queue: what was set, and what else holds then. */
export function inForce(attributes: QueueAttributes, isFifo: boolean): QueueAttributes {
  const defaults = Object.entries(ATTRIBUTES).filter(
    ([, each]) => each.otherwise !== undefined && (isFifo || !each.isFifo),
  );
  return { ...Object.fromEntries(defaults.map(([name, each]) => [name, each.otherwise as string])), ...attributes };
}

export function isSettable(name: string): boolean {
  return Object.hasOwn(ATTRIBUTES, name);
}

export function unknownAttribute(name: string): QueueError {
  return new QueueError('InvalidAttributeName', `Unknown Attribute ${name.slice(0, 256)}.`);
}
