import type { Authorizer } from '../contract/authorizer.ts';
import type { Delivery } from '../contract/delivery.ts';
import { isFifo, parseQueueArn, QueueError, type Queues, toQueueArn } from '../queues/index.ts';
import { explainRefusal } from './explain-refusal.ts';

export interface QueueWayDeps {
  readonly queues: () => Promise<Queues>;
  readonly authorizer: Pick<Authorizer, 'ready' | 'judge'>;
}

/** Sends a message. */
export async function deliverToQueue(deps: QueueWayDeps, delivery: Delivery): Promise<string | undefined> {
  const key = parseQueueArn(delivery.arn);
  if (key === undefined) return 'it is no ARN of a queue.';
  const queues = await deps.queues();
  await deps.authorizer.ready();
  const wish = { action: 'sqs:SendMessage', resource: toQueueArn(key) };
  const refused = explainRefusal(deps.authorizer, delivery.sender, wish, queues.table.policyOf(key));
  if (refused !== undefined) return refused;
  const { traceId: traceHeader, deduplicationId, ...message } = delivery;
  // Only FIFO queues know it.
  const once = isFifo(key) ? { deduplicationId } : {};
  try {
    await queues.send(key, [queues.prepare(key, { ...message, ...once, traceHeader }, key.accountId)]);
    return undefined;
  } catch (error) {
    // When there is no room now there may be some later.
    if (!(error instanceof QueueError) || error.code === 'OverLimit') throw error;
    return error.message;
  }
}
