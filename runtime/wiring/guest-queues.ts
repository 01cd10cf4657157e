import { CallError, type GuestMessage, type GuestQueues } from '../capabilities/index.ts';
import { parseQueueUrl } from '../gateway/sqs-api/queue-url.ts';
import { noSuchQueue, parseQueueArn, QueueError, type QueueKey, type Queues, toQueueArn } from '../queues/index.ts';

/** Queues as guests ask for them. */
export function createGuestQueues(queues: Queues): GuestQueues {
  return {
    toArn(scope, queue) {
      try {
        const named = parseQueueArn(queue) ?? parseQueueUrl(scope, queue);
        if (named.accountId !== scope.accountId) throw noSuchQueue();
        return toQueueArn(named);
      } catch (error) {
        throw toCallError(error);
      }
    },
    policyOf: (arn) => queues.table.policyOf(keyOf(arn)),
    async send(arn: string, message: GuestMessage) {
      const key = keyOf(arn);
      try {
        const [sent] = await queues.send(key, [queues.prepare(key, message, key.accountId)]);
        const { messageId = '', sequenceNumber } = sent ?? {};
        return { messageId, ...(sequenceNumber === undefined ? {} : { sequenceNumber }) };
      } catch (error) {
        throw toCallError(error);
      }
    },
  };
}

function keyOf(arn: string): QueueKey {
  return parseQueueArn(arn) as QueueKey;
}

function toCallError(error: unknown): unknown {
  return error instanceof QueueError ? new CallError(error.code, error.message) : error;
}
