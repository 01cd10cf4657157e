import { invalidArgument } from './bucket-error.ts';
import { covers, type Notifications, type NotificationTarget } from './notifications.ts';

const KINDS: Readonly<Record<string, readonly string[]>> = {
  ObjectCreated: ['*', 'Put', 'Post', 'Copy', 'CompleteMultipartUpload'],
  ObjectRemoved: ['*', 'Delete', 'DeleteMarkerCreated'],
  ObjectRestore: ['*', 'Post', 'Completed', 'Delete'],
  Replication: [
    ...['*', 'OperationFailedReplication', 'OperationMissedThreshold', 'OperationReplicatedAfterThreshold'],
    'OperationNotTracked',
  ],
  LifecycleExpiration: ['*', 'Delete', 'DeleteMarkerCreated'],
  ObjectTagging: ['*', 'Put', 'Delete'],
  ObjectAcl: ['Put'],
};
/** What S3 knows, whether it can happen here or not. */
const EVENTS: ReadonlySet<string> = new Set([
  ...Object.entries(KINDS).flatMap(([kind, ways]) => ways.map((way) => `s3:${kind}:${way}`)),
  ...['s3:ReducedRedundancyLostObject', 's3:LifecycleTransition', 's3:IntelligentTiering'],
]);

/** A hundred targets are S3's. */
const MOST_TARGETS = 100;
const MOST_EVENTS = 40;
const FILTER_CHARACTERS = 1_024;
const ARN = /^arn:[a-z-]+:(lambda|sqs|sns):[a-z0-9-]{1,64}:\d{12}:[A-Za-z0-9:$._-]{1,300}$/;

/** Throws an InvalidArgument for what S3 takes from nobody. */
export function assertNotifications({ targets }: Notifications): void {
  if (targets.length > MOST_TARGETS) throw invalidArgument(`A bucket has at most ${MOST_TARGETS} notifications.`);
  if (new Set(targets.map(({ id }) => id)).size < targets.length) {
    throw invalidArgument('Same ID used for multiple configurations. IDs must be unique');
  }
  targets.forEach(assertTarget);
  targets.forEach((one, at) => {
    if (targets.slice(at + 1).some((other) => overlap(one, other))) {
      throw invalidArgument(
        'Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.',
      );
    }
  });
}

function assertTarget({ id, arn, events, prefix = '', suffix = '' }: NotificationTarget): void {
  if (id === '' || id.length > 255) throw invalidArgument('An ID has 1 to 255 characters.');
  if (!ARN.test(arn)) throw invalidArgument('The ARN is not well formed');
  if (arn.endsWith('.fifo')) {
    throw invalidArgument('FIFO queues and topics are not supported as destinations of notifications.');
  }
  const isKnown = events.every((event) => EVENTS.has(event));
  if (!isKnown || events.length === 0 || events.length > MOST_EVENTS) {
    throw invalidArgument('The event is not supported for notifications');
  }
  if (Math.max(prefix.length, suffix.length) > FILTER_CHARACTERS) {
    throw invalidArgument(`Size of filter rule value cannot exceed ${FILTER_CHARACTERS} bytes in UTF-8`);
  }
}

function overlap(one: NotificationTarget, other: NotificationTarget): boolean {
  const sharesEvent = one.events.some((mine) =>
    other.events.some((theirs) => covers(mine, theirs) || covers(theirs, mine)),
  );
  const [prefix = '', otherPrefix = ''] = [one.prefix, other.prefix];
  const [suffix = '', otherSuffix = ''] = [one.suffix, other.suffix];
  return (
    sharesEvent &&
    (prefix.startsWith(otherPrefix) || otherPrefix.startsWith(prefix)) &&
    (suffix.endsWith(otherSuffix) || otherSuffix.endsWith(suffix))
  );
}
