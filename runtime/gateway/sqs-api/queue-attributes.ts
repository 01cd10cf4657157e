import {
  inForce,
  isFifo,
  isSettable,
  type QueueRecord,
  type Queues,
  toQueueArn,
  unknownAttribute,
} from '../../queues/index.ts';

const COMPUTED = [
  ...['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesDelayed', 'ApproximateNumberOfMessagesNotVisible'],
  ...['CreatedTimestamp', 'LastModifiedTimestamp', 'QueueArn'],
];

/** The attributes of a queue that were asked for by name, or all. Throws an InvalidAttributeName for one that there is not. */
export async function showAttributes(
  queues: Queues,
  record: QueueRecord,
  names: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const unknown = names.find((name) => name !== 'All' && !isSettable(name) && !COMPUTED.includes(name));
  if (unknown !== undefined) throw unknownAttribute(unknown);
  if (names.length === 0) return {};
  const counts = await queues.counts(record);
  const all = {
    ApproximateNumberOfMessages: String(counts.ready),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    QueueArn: toQueueArn(record),
    CreatedTimestamp: toSeconds(record.createdAt),
    LastModifiedTimestamp: toSeconds(record.modifiedAt),
    ...inForce(record.attributes, isFifo(record)),
  };
  if (names.includes('All')) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}

function toSeconds(milliseconds: number): string {
  return String(Math.floor(milliseconds / 1000));
}
