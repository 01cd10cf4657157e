import type { Authorizer } from '../contract/authorizer.ts';
import type { Delivery, DeliveryRefusal } from '../contract/delivery.ts';
import { isFifo, parseQueueArn, QueueError, type Queues, toQueueArn } from '../queues/index.ts';
import { explainRefusal } from './explain-refusal.ts';

export interface QueueWayDeps {
  readonly queues: () => Promise<Queues>;
  readonly authorizer: Pick<Authorizer, 'ready' | 'judge'>;
}

/** Sends a message. */
export async function deliverToQueue(deps: QueueWayDeps, delivery: Delivery): Promise<DeliveryRefusal | undefined> {
  const key = parseQueueArn(delivery.arn);
  if (key === undefined) return { refused: 'it is no ARN of a queue.', code: 'NO_RESOURCE' };
  const queues = await deps.queues();
  if (queues.table.find(key) === undefined)
    return { refused: 'The specified queue does not exist.', code: 'NO_RESOURCE' };
  await deps.authorizer.ready();
  const wish = { action: 'sqs:SendMessage', resource: toQueueArn(key) };
  const refused = explainRefusal(deps.authorizer, delivery.sender, wish, queues.table.policyOf(key));
  if (refused !== undefined) return { refused, code: 'NO_PERMISSIONS' };
  const { traceId: traceHeader, deduplicationId, ...message } = delivery;
  // Only FIFO queues know it.
  const once = isFifo(key) ? { deduplicationId } : {};
  try {
    await queues.send(key, [queues.prepare(key, { ...message, ...once, traceHeader }, key.accountId)]);
    return undefined;
  } catch (error) {
    // When there is no room now there may be some later.
    if (!(error instanceof QueueError) || error.code === 'OverLimit') throw error;
    return { refused: error.message };
  }
}
