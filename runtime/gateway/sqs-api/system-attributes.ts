import { QueueError, type ReceivedMessage } from '../../queues/index.ts';

/** What SQS says of a message, by name; undefined where there is nothing to say. */
const ATTRIBUTES: Readonly<Record<string, (message: ReceivedMessage) => string | undefined>> = {
  ApproximateFirstReceiveTimestamp: ({ firstReceivedAt }) => String(firstReceivedAt),
  ApproximateReceiveCount: ({ receives }) => String(receives),
  AWSTraceHeader: ({ traceHeader }) => traceHeader,
  DeadLetterQueueSourceArn: ({ deadLetterSource }) => deadLetterSource,
  MessageDeduplicationId: ({ deduplicationId }) => deduplicationId,
  MessageGroupId: ({ groupId }) => groupId,
  SenderId: ({ senderId }) => senderId,
  SentTimestamp: ({ sentAt }) => String(sentAt),
  SequenceNumber: ({ sequenceNumber }) => sequenceNumber,
};

/** Shows those of a message that were asked for by name, or all. Throws an InvalidAttributeName for one that there is not. */
export function systemAttributesOf(
  names: readonly string[],
): (message: ReceivedMessage) => Readonly<Record<string, string>> {
  const unknown = names.find((name) => name !== 'All' && !Object.hasOwn(ATTRIBUTES, name));
  if (unknown !== undefined) {
    throw new QueueError('InvalidAttributeName', `Unknown Attribute ${unknown.slice(0, 256)}.`);
  }
  const asked = Object.entries(ATTRIBUTES).filter(([name]) => names.includes('All') || names.includes(name));
  return (message) => {
    const shown = asked.map(([name, show]) => [name, show(message)] as const);
    return Object.fromEntries(shown.filter((each): each is readonly [string, string] => each[1] !== undefined));
  };
}
