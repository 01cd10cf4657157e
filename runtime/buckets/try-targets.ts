import { randomUUID } from 'node:crypto';
import type { Deliver } from '../contract/delivery.ts';
import { toS3TestEvent } from '../events/s3.ts';
import { invalidArgument } from './bucket-error.ts';
import type { NotificationTarget } from './notifications.ts';
import { toSender } from './notifier.ts';

/**
 * Sends queues and topics a test event, as S3 does, and asks whether functions may be called. Throws an InvalidArgument when one
 * of them would not have it.
 */
export async function tryTargets(
  deliver: Deliver,
  targets: readonly NotificationTarget[],
  { bucket, accountId, at }: { readonly bucket: string; readonly accountId: string; readonly at: number },
): Promise<void> {
  const sender = toSender(bucket, accountId);
  for (const arn of new Set(targets.map((target) => target.arn))) {
    const body = toS3TestEvent({ bucket, requestId: randomUUID(), at });
    const { refused } = await deliver({ arn, sender, body, isTrial: true });
    if (refused === undefined) continue;
    throw invalidArgument(`Unable to validate the following destination configurations: ${arn}: ${refused}`);
  }
}
