import { MESSAGE_BYTES } from '../../queues/index.ts';
import type { Service } from '../service/service.ts';
import { createMoveOperations } from './move-operations.ts';
import { createPolicyOperations } from './policy-operations.ts';
import { createQueueOperations } from './queue-operations.ts';
import type { OpenQueues } from './queue-wish.ts';
import { createReceiptOperations } from './receipt-operations.ts';
import { createReceiveOperation } from './receive-operation.ts';
import { createSendOperations } from './send-operations.ts';
import { toSqsRefusal } from './sqs-errors.ts';

/** SQS in both of its protocols. */
export function createSqs(queues: OpenQueues): Service & { readonly query: NonNullable<Service['query']> } {
  return {
    name: 'sqs',
    // The largest batch, every character of it percent-encoded or escaped, and what is around it.
    bodyBytes: 4 * MESSAGE_BYTES,
    json: {
      target: 'AmazonSQS',
      contentType: 'application/x-amz-json-1.0',
      namespace: 'com.amazonaws.sqs',
      namesQueryErrors: true,
    },
    query: {
      version: '2012-11-05',
      namespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
      pathMember: 'QueueUrl',
    },
    operations: [
      ...createQueueOperations(queues),
      ...createPolicyOperations(queues),
      ...createSendOperations(queues),
      createReceiveOperation(queues),
      ...createReceiptOperations(queues),
      ...createMoveOperations(queues),
    ],
    toRefusal: toSqsRefusal,
  };
}
