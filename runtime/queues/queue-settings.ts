import { inForce } from './queue-attributes.ts';
import { isFifo, type QueueRecord } from './queue-record.ts';
import { parseRedrivePolicy, type RedrivePolicy } from './redrive-policy.ts';

/** What holds of a queue, read. Times are milliseconds. */
export interface QueueSettings {
  readonly isFifo: boolean;
  readonly delayMs: number;
  readonly mostBytes: number;
  readonly retentionMs: number;
  readonly visibilityMs: number;
  readonly waitMs: number;
  readonly redrive: RedrivePolicy | undefined;
  readonly deduplicatesByContent: boolean;
  /** The same may be sent to several groups. */
  readonly deduplicatesInGroup: boolean;
}

const read = new WeakMap<QueueRecord, QueueSettings>();

export function settingsOf(record: QueueRecord): QueueSettings {
  let settings = read.get(record);
  if (settings === undefined) {
    settings = toSettings(record);
    read.set(record, settings);
  }
  return settings;
}

function toSettings(record: QueueRecord): QueueSettings {
  const attributes = inForce(record.attributes, isFifo(record));
  const seconds = (name: string): number => Number(attributes[name]) * 1000;
  const { RedrivePolicy: redrive } = attributes;
  return {
    isFifo: isFifo(record),
    delayMs: seconds('DelaySeconds'),
    mostBytes: Number(attributes.MaximumMessageSize),
    retentionMs: seconds('MessageRetentionPeriod'),
    visibilityMs: seconds('VisibilityTimeout'),
    waitMs: seconds('ReceiveMessageWaitTimeSeconds'),
    redrive: redrive === undefined ? undefined : parseRedrivePolicy(redrive),
    deduplicatesByContent: attributes.ContentBasedDeduplication === 'true',
    deduplicatesInGroup: attributes.DeduplicationScope === 'messageGroup',
  };
}
