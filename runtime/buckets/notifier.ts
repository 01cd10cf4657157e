import type { Sender } from '../contract/delivery.ts';
import type { Letter, Post, RetryTerms } from '../contract/letter.ts';
import { type ObjectEvent, toS3BusDetail, toS3Event } from '../events/s3.ts';
import { toBucketArn } from './names.ts';
import { type Notifications, targetsOf } from './notifications.ts';

/** S3 promises no end of its attempts; a day is what an event that is handled later is worth. */
const RETRY: RetryTerms = { attempts: 500, ageMs: 86_400_000, firstDelayMs: 1_000, lastDelayMs: 300_000 };

/** Tells whoever a bucket's notifications name; resolves when that is durable. `traceId`: what the event came of. */
export async function notify(
  post: Post,
  notifications: Notifications,
  event: ObjectEvent & { readonly traceId?: string | undefined },
): Promise<void> {
  const { traceId } = event;
  const sender = toSender(event.bucket, event.accountId);
  const trace = traceId === undefined ? {} : { traceId };
  const letters: Letter[] = targetsOf(notifications, { event: event.name, key: event.key }).map(({ id, arn }) => ({
    delivery: { arn, sender, body: toS3Event(event, id), ...trace },
    retry: RETRY,
  }));
  const detail = notifications.eventBridge ? toS3BusDetail(event) : undefined;
  if (detail !== undefined) {
    const arn = `arn:aws:events:${event.region}:${event.accountId}:event-bus/default`;
    const envelope = { source: 'aws.s3', detailType: detail.type, resources: [toBucketArn(event.bucket)] };
    letters.push({ delivery: { arn, sender, body: detail.body, envelope, ...trace }, retry: RETRY });
  }
  if (letters.length > 0) await post(letters);
}

/** Who a bucket's notifications come from. */
export function toSender(bucket: string, accountId: string): Sender {
  return { kind: 'service', name: 's3.amazonaws.com', sourceArn: toBucketArn(bucket), sourceAccount: accountId };
}
