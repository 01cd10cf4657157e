import type { EventSourceKind, EventSourceSettings } from '../../store/event-source-record.ts';

/** By the service in the source's ARN, and the type of resource there. */
const KINDS: readonly (readonly [pattern: RegExp, kind: EventSourceKind])[] = [
  [/^arn:[^:]+:sqs:[^:]+:\d{12}:[^:/]+$/, 'sqs'],
  [/^arn:[^:]+:kinesis:[^:]+:\d{12}:stream\/[^:]+(:\d+)?$/, 'kinesis'],
  [/^arn:[^:]+:dynamodb:[^:]+:\d{12}:table\/[^/]+\/stream\/.+$/, 'dynamodb'],
  [/^arn:[^:]+:kafka:[^:]+:\d{12}:(cluster|vpc-connection)\/.+$/, 'managed-kafka'],
  [/^arn:[^:]+:mq:[^:]+:\d{12}:broker:.+$/, 'mq'],
  [/^arn:[^:]+:rds:[^:]+:\d{12}:cluster:.+$/, 'documentdb'],
];

/** What a mapping reads from; undefined when it names nothing that Lambda can read. */
export function toSourceKind({
  EventSourceArn: arn,
  SelfManagedEventSource: own,
}: EventSourceSettings): EventSourceKind | undefined {
  if (arn === undefined) return own === undefined ? undefined : 'self-managed-kafka';
  return own === undefined ? KINDS.find(([pattern]) => pattern.test(arn))?.[1] : undefined;
}

/** True for sources whose records come in shards, one after another. */
export function isStream(kind: EventSourceKind): boolean {
  return kind === 'kinesis' || kind === 'dynamodb';
}

export function isFifo(arn: string | undefined): boolean {
  return arn?.endsWith('.fifo') ?? false;
}
