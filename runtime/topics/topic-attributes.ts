import { parseDeliveryPolicy } from './delivery-policy.ts';
import { invalidParameter } from './topic-error.ts';
import type { Attributes } from './topic-record.ts';

interface Attribute {
  /** Only of FIFO topics. */
  readonly isFifo?: true;
  /** Cannot be changed after the topic was made. */
  readonly isFixed?: true;
  /** True of a value that may be; may throw what is to be said of one that may not. */
  readonly accepts: (value: string) => boolean;
}

const oneOf =
  (...values: readonly string[]) =>
  (value: string) =>
    values.includes(value);

/** What can be set of a topic. Source: the service model. */
const ATTRIBUTES: Readonly<Record<string, Attribute>> = {
  ContentBasedDeduplication: { isFifo: true, accepts: oneOf('true', 'false') },
  DeliveryPolicy: { accepts: (value) => parseDeliveryPolicy(value, 'topic') !== undefined },
  DisplayName: { accepts: (value) => value.length <= 100 },
  FifoThroughputScope: { isFifo: true, accepts: oneOf('Topic', 'MessageGroup') },
  FifoTopic: { isFixed: true, accepts: oneOf('true', 'false') },
  KmsMasterKeyId: { accepts: (value) => value.length <= 2_048 },
  Policy: { accepts: (value) => value.length <= 30_720 },
  SignatureVersion: { accepts: oneOf('1', '2') },
  TracingConfig: { accepts: oneOf('PassThrough', 'Active') },
};
/** An empty value takes these away again. */
const REMOVABLE = ['DeliveryPolicy', 'DisplayName', 'KmsMasterKeyId', 'Policy'];

/** What is set of a topic after `given` was; throws an InvalidParameter. */
export function withTopicAttributes(
  current: Attributes,
  given: Attributes,
  topic: { readonly isFifo: boolean; readonly isNew: boolean },
): Attributes {
  const next: Record<string, string> = { ...current };
  for (const [name, value] of Object.entries(given)) {
    const attribute = Object.hasOwn(ATTRIBUTES, name) ? ATTRIBUTES[name] : undefined;
    const isFixed = attribute?.isFixed && !topic.isNew;
    if (attribute === undefined || (attribute.isFifo && !topic.isFifo) || isFixed) {
      throw topic.isNew
        ? invalidParameter(`Attributes Reason: Unknown attribute ${name.slice(0, 256)}`)
        : invalidParameter('AttributeName');
    }
    if (value === '' && REMOVABLE.includes(name)) delete next[name];
    else if (attribute.accepts(value)) next[name] = value;
    else throw invalidParameter(topic.isNew ? `Attributes Reason: ${name}` : name);
  }
  return next;
}
