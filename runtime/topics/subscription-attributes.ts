import { isJsonObject } from '../contract/json.ts';
import { parseDeliveryPolicy } from './delivery-policy.ts';
import { type FilterScope, parseFilterPolicy } from './filter-policy.ts';
import type { Protocol } from './subscription-record.ts';
import { invalidParameter, type TopicError } from './topic-error.ts';
import type { Attributes } from './topic-record.ts';

/** An empty value takes these away again. */
const REMOVABLE = ['DeliveryPolicy', 'FilterPolicy', 'RedrivePolicy'];
const SCOPES = ['MessageAttributes', 'MessageBody'];

/**
 * What is set of a subscription after `given` was. Throws an InvalidParameter; `where` is what SNS says before the reason, which
 * is another thing when a subscription is made.
 */
export function withSubscriptionAttributes(
  current: Attributes,
  given: Attributes,
  { protocol, where = '' }: { readonly protocol: Protocol; readonly where?: string },
): Attributes {
  const refuse = (reason: string): TopicError => invalidParameter(`${where}${reason}`);
  const next: Record<string, string> = { ...current };
  for (const [name, value] of Object.entries(given)) {
    assertAttribute(name, value, refuse);
    if (name === 'DeliveryPolicy' && !protocol.startsWith('http')) {
      throw refuse(`Delivery protocol [${protocol}] does not support a delivery policy.`);
    }
    if (name === 'RawMessageDelivery' && value.toLowerCase() === 'true' && protocol === 'lambda') {
      throw refuse(`Delivery protocol [${protocol}] does not support raw message delivery.`);
    }
    const isGone = (value === '' || value === '{}') && REMOVABLE.includes(name);
    if (isGone) delete next[name];
    else next[name] = name === 'RawMessageDelivery' ? value.toLowerCase() : value;
  }
  if (next.FilterPolicy !== undefined) parseFilterPolicy(next.FilterPolicy, scopeOf(next), refuse);
  return next;
}

export function scopeOf({ FilterPolicyScope: scope }: Attributes): FilterScope {
  return scope === 'MessageBody' ? scope : 'MessageAttributes';
}

/** The ARN of the queue of dead letters; undefined where there is none. */
export function deadLetterArnOf({ RedrivePolicy: policy }: Attributes): string | undefined {
  return policy === undefined ? undefined : (JSON.parse(policy) as { deadLetterTargetArn: string }).deadLetterTargetArn;
}

function assertAttribute(name: string, value: string, refuse: (reason: string) => TopicError): void {
  switch (name) {
    case 'RawMessageDelivery':
      if (/^(true|false)$/i.test(value)) return;
      throw refuse(`RawMessageDelivery: Invalid value [${value.slice(0, 256)}]. Must be true or false.`);
    case 'FilterPolicyScope':
      if (SCOPES.includes(value)) return;
      throw refuse(
        `FilterPolicyScope: Invalid value [${value.slice(0, 256)}]. Please use either MessageBody or MessageAttributes`,
      );
    case 'RedrivePolicy':
      if (value !== '') assertRedrivePolicy(value, refuse);
      return;
    case 'DeliveryPolicy':
      if (value !== '') parseDeliveryPolicy(value, 'subscription');
      return;
    case 'FilterPolicy':
      return;
    default:
      throw refuse('AttributeName');
  }
}

function assertRedrivePolicy(text: string, refuse: (reason: string) => TopicError): void {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw refuse('RedrivePolicy: failed to parse JSON.');
  }
  if (!isJsonObject(policy)) {
    throw refuse('RedrivePolicy: it must be an object');
  }
  const { deadLetterTargetArn: arn } = policy as { deadLetterTargetArn?: unknown };
  if (arn === undefined && Object.keys(policy).length === 0) return;
  if (typeof arn !== 'string' || !/^arn:aws[a-z-]*:sqs:[a-z0-9-]{1,64}:\d{12}:[\w-]{1,80}(\.fifo)?$/.test(arn)) {
    throw refuse('RedrivePolicy: deadLetterTargetArn is an invalid arn');
  }
}
